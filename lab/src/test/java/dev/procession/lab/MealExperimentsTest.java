package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Noodles and chopsticks, for real. */
class MealExperimentsTest extends ExperimentTest {
    @Test
    void oneOfTwoProcessesIsToldAndBothEat() throws Exception {
        Outcome outcome = runUntilShown("noodles", "eating", "1");

        assertPids(outcome, 2);
        assertThat(figure(outcome, "told")).isEqualTo(1);
        assertThat(figure(outcome, "ate")).isEqualTo(2L);
        assertThat(figure(outcome, "schedules")).isEqualTo(28L);
        assertThat(figure(outcome, "deadlocks")).isEqualTo(6L);
        assertThat(figure(outcome, "message").toString()).contains("thread main", "at Diner.java:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "virtual"})
    void oneOfTwoThreadsIsToldAndBothEat(String kind) throws Exception {
        Outcome outcome = runUntilShown("noodles", "kind", kind, "eating", "1");

        assertThat(figure(outcome, "told")).isEqualTo(1);
        assertThat(figure(outcome, "message").toString()).contains("thread ada", "thread ben");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rlock", "order", "try-lock"})
    void withACureAllEatAndNoOrderEndsInADeadlock(String cure) throws Exception {
        Outcome outcome = run("noodles-fixed", "cure", cure, "meals", "3", "eating", "1");

        assertShown(outcome);
        assertPids(outcome, 2);
        assertThat(figure(outcome, "ate")).isEqualTo(6L);
        assertThat(figure(outcome, "deadlocksBefore")).isEqualTo(6L);
        assertThat(figure(outcome, "deadlocks")).isEqualTo(0L);
        if (cure.equals("order")) {
            assertThat(figure(outcome, "schedules")).isEqualTo(12L);
        }
    }
}
