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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of all experiments need: a run by id and knobs, its figures, and proof that nothing is left of it. */
@ExtendWith(NothingLeft.class)
abstract class ExperimentTest {
    /** With less than that of the processors, others are at work. */
    private static final double QUIET = 0.9;

    @TempDir
    Path folder;

    Outcome run(String id, String... knobs) throws Exception {
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

    static Object figure(Outcome outcome, String name) {
        return outcome.figures().all().stream()
                .filter(figure -> figure.name().equals(name))
                .map(Figures.Figure::value)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no figure " + name));
    }

    static void assertShown(Outcome outcome) {
        assertThat(outcome.verdict()).as(outcome.reason()).isEqualTo(Verdict.SHOWN);
    }

    /** Pids of children: all different, none of them ours. */
    static void assertPids(Outcome outcome, int count) {
        @SuppressWarnings("unchecked")
        List<Object> pids = (List<Object>) figure(outcome, "pids");
        long own = ProcessHandle.current().pid();
        assertThat(pids).hasSize(count).doesNotHaveDuplicates().doesNotContain(own);
        assertThat(figure(outcome, "parentPid")).isEqualTo(own);
    }

    /**
     * For claims about time, which a busy or shared machine can spoil: one of five runs must show it, unless the processors
     * were not all ours between the runs. What a run says of itself otherwise is for the test to check.
     *
     * @return the last run
     */
    Outcome runUntilShown(String id, String... knobs) throws Exception {
        Outcome outcome = run(id, knobs);
        double share = 1;
        for (int again = 0; again < 4 && outcome.verdict() == Verdict.NOT_SHOWN; again++) {
            share = Math.min(share, ShareOfProcessors.measure());
            outcome = run(id, knobs);
        }
        if (outcome.verdict() == Verdict.NOT_SHOWN && outcome.reason().contains("is the machine busy?")) {
            share = Math.min(share, ShareOfProcessors.measure());
        }
        if (!outcome.reason().contains("is the machine busy?") || share > QUIET) {
            assertShown(outcome);
        }
        return outcome;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> rows(Outcome outcome, String name) {
        return (List<Map<String, Object>>) figure(outcome, name);
    }
}
