package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools and managers, for real, at small delays. */
class PoolExperimentsTest extends ExperimentTest {
    @Test
    void resultsComeInTheOrderOfSubmissionFromNoMoreProcessesThanWorkers() throws Exception {
        Outcome outcome = run("pools", "workers", "2", "tasks", "7", "nap", "30", "rounds", "1");

        assertShown(outcome);
        assertThat(figure(outcome, "squares")).isEqualTo(List.of(0, 1, 4, 9, 16, 25, 36));
        assertThat((List<?>) figure(outcome, "told"))
                .map(Integer.class::cast)
                .containsExactlyInAnyOrder(0, 1, 4, 9, 16, 25, 36);
        assertPids(outcome, (Integer) figure(outcome, "distinctPids"));
        assertThat((Integer) figure(outcome, "distinctPids")).isBetween(1, 2);
    }

    @Test
    void oneTaskTooManyForTheWorkersWaits() throws Exception {
        Outcome outcome = run("pools", "workers", "1", "tasks", "3", "nap", "5", "rounds", "1");

        assertShown(outcome);
        assertThat(figure(outcome, "distinctPids")).isEqualTo(1);
        assertThat(figure(outcome, "told")).as("one after the other").isEqualTo(List.of(0, 1, 4));
    }

    @Test
    void crossoverIsTheSizeFromWhichOnProcessesWin() throws Exception {
        Outcome outcome = run("pools", "tasks", "1", "nap", "0", "rounds", "1");

        assertShown(outcome);
        int crossover = (Integer) figure(outcome, "crossoverSteps");
        assertThat(rows(outcome, "sizes"))
                .hasSize(5)
                .filteredOn(size -> crossover > 0 && (Integer) size.get("steps") >= crossover)
                .allMatch(size -> (Long) size.get("processesNanos") <= (Long) size.get("hereNanos"));
    }

    @Test
    void underALockNoStepOfAManagedDictionaryIsLost() throws Exception {
        Outcome outcome = run("manager-dict", "children", "3", "times", "50");

        assertShown(outcome);
        assertPids(outcome, 3);
        assertThat(figure(outcome, "plainLeft")).isEqualTo(150);
        assertThat(figure(outcome, "copies")).isEqualTo(List.of("100", "100", "100"));
        assertThat(figure(outcome, "lockedLeft")).isEqualTo(0);
        assertThat((Integer) figure(outcome, "managedLeft")).isBetween(0, 150);
    }
}
