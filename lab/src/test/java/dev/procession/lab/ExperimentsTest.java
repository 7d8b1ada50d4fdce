package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The experiments themselves, for real and with child JVMs, at small delays. */
class ExperimentsTest extends ExperimentTest {
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
        assertThat(rows(outcome, "variants"))
                .extracting(each -> each.get("hungEaters"))
                .containsExactly(1L, 0L, 0L, 0L);
        assertThat(rows(outcome, "variants"))
                .extracting(each -> each.get("hungCooks"))
                .containsExactly(0L, 0L, 1L, 0L);
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
        assertThat(rows(outcome, "variants"))
                .extracting(each -> each.get("endMarksLeft"))
                .containsExactly(1L, 0L, 0L, 0L);
        assertThat(rows(outcome, "variants"))
                .extracting(each -> each.get("hungEaters"))
                .containsExactly(0L, 1L, 0L, 0L);
        assertThat(rows(outcome, "variants"))
                .extracting(each -> each.get("eatersWhoGaveUp"))
                .containsExactly(0L, 0L, 4L, 0L);
    }
}
