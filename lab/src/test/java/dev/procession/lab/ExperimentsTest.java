package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Paper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The experiments themselves, for real and with child JVMs, at small delays. */
@ExtendWith(NothingLeft.class)
class ExperimentsTest {
    @TempDir
    private Path folder;

    private Outcome run(String id, String... knobs) throws Exception {
        Experiment experiment = Catalogue.all().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < knobs.length; i += 2) {
            texts.put(knobs[i], knobs[i + 1]);
        }
        Outcome outcome = experiment.run(Knobs.read(experiment.knobs(), texts), new QuietBench(folder));
        outcome.pictures()
                .forEach(each -> assertThat(each.picture().draw(Paper.plain()))
                        .as(each.caption())
                        .isNotEmpty());
        return outcome;
    }

    private record QuietBench(Path folder) implements Bench {
        @Override
        public Progress progress(String what, int steps) {
            return new Progress() {
                @Override
                public void step() {}

                @Override
                public void close() {}
            };
        }
    }

    private static Object figure(Outcome outcome, String name) {
        return outcome.figures().all().stream()
                .filter(figure -> figure.name().equals(name))
                .map(Figures.Figure::value)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no figure " + name));
    }

    private static void assertShown(Outcome outcome) {
        assertThat(outcome.verdict()).as(outcome.reason()).isEqualTo(Verdict.SHOWN);
    }

    /** Pids of children: all different, none of them ours. */
    private static void assertPids(Outcome outcome, int count) {
        @SuppressWarnings("unchecked")
        List<Object> pids = (List<Object>) figure(outcome, "pids");
        long own = ProcessHandle.current().pid();
        assertThat(pids).hasSize(count).doesNotHaveDuplicates().doesNotContain(own);
        assertThat(figure(outcome, "parentPid")).isEqualTo(own);
    }

    @Test
    void startStartsThreeChildrenThatEachWriteALine() throws Exception {
        Outcome outcome = run("start", "nap", "10");

        assertShown(outcome);
        assertPids(outcome, 3);
        assertThat(figure(outcome, "lines"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(3);
    }

    @Test
    void startJoinDaemonLeavesNoOrphan() throws Exception {
        Outcome outcome = run("start-join-daemon", "children", "3", "nap", "300");

        assertShown(outcome);
        assertPids(outcome, 3);
        assertThat(figure(outcome, "terminatedExitCode")).isEqualTo(-15);
        assertThat(figure(outcome, "killedChildGone")).isEqualTo(true);
    }

    @Test
    void isolationTellsAChildsVariableFromOurs() throws Exception {
        Outcome outcome = run("isolation");

        assertShown(outcome);
        assertThat(figure(outcome, "afterChild")).isEqualTo(10);
        assertThat(figure(outcome, "afterThread")).isEqualTo(100);
    }

    @Test
    void ticketLockSellsWhatThereIsInTheReadersFile() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.json"), "{\"event\": \"x\",\n \"count\": 3, \"z\": [1.50]}");
        Outcome outcome = run(
                "ticket-lock",
                "file",
                file.toString(),
                "buyers",
                "5",
                "check-delay",
                "1",
                "buy-delay",
                "2",
                "runs",
                "2");

        assertShown(outcome);
        assertPids(outcome, 5);
        assertThat(figure(outcome, "tickets")).isEqualTo(3);
        assertThat(figure(outcome, "sold")).isEqualTo(3);
        assertThat(figure(outcome, "buyers")).isEqualTo(5);
        assertThat(figure(outcome, "runs")).isEqualTo(2);
        assertThat(figure(outcome, "soldPerRun")).isEqualTo(List.of(3, 3));
        assertThat(figure(outcome, "soldAfterDeath")).isEqualTo(3);
        assertThat(figure(outcome, "killedExitCode")).isEqualTo(-9);
        assertThat(figure(outcome, "toldOfDeath")).isEqualTo(1L);
        assertThat(file).hasContent("{\"event\": \"x\",\n \"count\": 0, \"z\": [1.50]}");
    }

    @Test
    void ticketLockWithMoreTicketsThanBuyersSellsOneEach() throws Exception {
        Outcome outcome =
                run("ticket-lock", "tickets", "9", "buyers", "2", "check-delay", "0", "buy-delay", "0", "runs", "1");

        assertShown(outcome);
        assertThat(figure(outcome, "sold")).isEqualTo(2);
        assertThat(figure(outcome, "left")).isEqualTo(7);
    }

    @Test
    void ticketLockWithoutTicketsSellsNone() throws Exception {
        Outcome outcome = run("ticket-lock", "tickets", "0", "buyers", "2", "runs", "1");

        assertShown(outcome);
        assertThat(figure(outcome, "sold")).isEqualTo(0);
    }

    @Test
    void ticketRaceSellsMoreThanThereIs() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.json"), "{\"count\": 2}");
        Outcome outcome = run(
                "ticket-race",
                "file",
                file.toString(),
                "buyers",
                "4",
                "check-delay",
                "50",
                "buy-delay",
                "50",
                "runs",
                "2");

        assertShown(outcome);
        assertPids(outcome, 4);
        assertThat((Integer) figure(outcome, "sold")).isGreaterThan(2);
        assertThat(figure(outcome, "rows"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(Files.readString(file)).isNotEqualTo("{\"count\": 2}").startsWith("{\"count\": ");
    }

    @Test
    void ticketRaceIsNotShownWhereThereIsEnoughForAll() throws Exception {
        Outcome outcome = run("ticket-race", "tickets", "5", "buyers", "2", "runs", "1");

        assertThat(outcome.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(outcome.reason()).contains("there were tickets for all 2 buyers");
    }

    @Test
    void producerConsumerHangsWithoutAnEndMarkAndEndsWithOne() throws Exception {
        Outcome outcome = run("producer-consumer", "cook-delay", "2", "eat-delay", "2");

        assertShown(outcome);
        assertPids(outcome, 2);
        assertThat(figure(outcome, "consumed")).isEqualTo(10);
        assertThat(variants(outcome)).extracting(each -> each.get("hungEaters")).containsExactly(1L, 0L, 0L, 0L);
        assertThat(variants(outcome)).extracting(each -> each.get("hungCooks")).containsExactly(0L, 0L, 1L, 0L);
    }

    @Test
    void producerConsumerHoldsForACounterWithRoomForAll() throws Exception {
        assertShown(run("producer-consumer", "capacity", "50", "dishes", "3", "cook-delay", "1", "eat-delay", "1"));
    }

    @Test
    void producersConsumersNeedOneEndMarkForEachEater() throws Exception {
        Outcome outcome = run("producers-consumers", "cook-delay", "2", "eat-delay", "2");

        assertShown(outcome);
        assertPids(outcome, 7);
        assertThat(figure(outcome, "consumed")).isEqualTo(30);
        assertThat(variants(outcome))
                .extracting(each -> each.get("endMarksLeft"))
                .containsExactly(1L, 0L, 0L, 0L);
        assertThat(variants(outcome)).extracting(each -> each.get("hungEaters")).containsExactly(0L, 1L, 0L, 0L);
        assertThat(variants(outcome))
                .extracting(each -> each.get("eatersWhoGaveUp"))
                .containsExactly(0L, 0L, 4L, 0L);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> variants(Outcome outcome) {
        return (List<Map<String, Object>>) figure(outcome, "variants");
    }
}
