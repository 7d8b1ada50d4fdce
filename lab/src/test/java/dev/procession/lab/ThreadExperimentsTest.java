package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads, what they cost, and what they bring, for real, at small delays. */
class ThreadExperimentsTest extends ExperimentTest {
    @Test
    void homeworkProcessesDoesAllSixExercises() throws Exception {
        Outcome outcome = run("homework-processes", "children", "3", "to", "10", "nap", "20");

        assertShown(outcome);
        assertPids(outcome, 3);
        assertThat(figure(outcome, "sums")).isEqualTo(List.of("55", "55", "55"));
        assertThat(figure(outcome, "names")).isEqualTo(List.of("process-001", "process-002", "process-003"));
        assertThat(figure(outcome, "ticketLock")).isEqualTo("SHOWN");
        assertThat(figure(outcome, "wrong")).isEqualTo(List.of());
    }

    @Test
    void threadsAreAliveAndListedFromStartToEnd() throws Exception {
        Outcome outcome = run("threads", "nap", "100");

        assertShown(outcome);
        assertThat(figure(outcome, "onePid")).isEqualTo(true);
        assertThat(figure(outcome, "during").toString())
                .isEqualTo("{isAlive=true, activeCount=2, enumerated=[by-runnable, renamed]}");
        assertThat(figure(outcome, "after").toString()).isEqualTo("{isAlive=false, activeCount=0, enumerated=[]}");
    }

    @Test
    void fiveThreadsAndFiveProcessesComeToTheSameSums() throws Exception {
        Outcome outcome = run("cpu-threads-processes", "workers", "2", "to", "1000000", "rounds", "2");

        assertThat(outcome.verdict()).isNotEqualTo(Verdict.BROKEN);
        assertPids(outcome, 2);
        assertThat(figure(outcome, "sum")).isEqualTo(500_000_500_000L);
        assertThat(figure(outcome, "sumsRight"))
                .as("serial, threads, processes")
                .isEqualTo(3L);
    }

    @Test
    void threadsSumUpFasterThanOneAndThanProcesses() throws Exception {
        runUntilShown("cpu-threads-processes", "workers", "4", "to", "100000000", "rounds", "3");
    }

    @Test
    void aProcessCostsMoreThanAThreadAndThatMoreThanAVirtualOne() throws Exception {
        Outcome outcome = runUntilShown("cost", "threads", "100", "rounds", "5", "processes", "3");

        assertPids(outcome, 3);
        assertThat(rows(outcome, "kinds"))
                .extracting(kind -> (Long) kind.get("bytes"))
                .isSorted()
                .allMatch(bytes -> bytes > 100);
    }

    @Test
    void underOneLockThreadsThatComputeGainNothing() throws Exception {
        Outcome outcome = run("gil", "steps", "20000", "rounds", "1");

        assertThat(outcome.verdict()).isNotEqualTo(Verdict.BROKEN);
        assertThat(outcome.reason()).doesNotContain("in a step at once", "differ");
        assertThat(figure(outcome, "mostInside")).isEqualTo(1);
        assertPids(outcome, 2);
    }

    @Test
    void processesGainAndIoOverlapsUnderTheLock() throws Exception {
        runUntilShown("gil", "steps", "100000", "rounds", "3");
    }

    @Test
    void threadsGainWithoutTheLock() throws Exception {
        Outcome outcome = runUntilShown("gil", "lock", "off", "steps", "100000", "rounds", "3");

        assertThat((Integer) figure(outcome, "mostInside")).isGreaterThan(1);
        assertThat(figure(outcome, "switches")).isEqualTo(0L);
    }

    @Test
    void onTheLineTheSearchesAddUpAndWithCallsBackTheyDoNot() throws Exception {
        Outcome outcome = runUntilShown("sync-async", "books", "3", "latency", "150");

        assertThat(rows(outcome, "ways"))
                .extracting(way -> (Long) way.get("didElsewhere") > 0)
                .containsExactly(false, true, false, true);
        assertThat((Long) figure(outcome, "syncMillis")).isGreaterThanOrEqualTo(450);
        assertThat((Long) figure(outcome, "asyncMillis")).isGreaterThanOrEqualTo(150);
    }

    @Test
    void withThreeThreadsNoLetterWaitsForASave() throws Exception {
        Outcome outcome = runUntilShown("word-processor", "keys", "10", "saving", "200", "every", "100");

        assertThat(figure(outcome, "document")).isEqualTo("The fox ran. It was quick. The dog slept on.");
        assertThat((Long) figure(outcome, "oneThreadMillis")).isGreaterThanOrEqualTo(180);
    }

    @Test
    void withoutASlowSaveTheDocumentIsRightToo() throws Exception {
        Outcome outcome = run("word-processor", "keys", "5", "saving", "0");

        assertThat(outcome.verdict()).isNotEqualTo(Verdict.BROKEN);
        assertThat(rows(outcome, "ways"))
                .extracting(way -> way.get("document"))
                .containsOnly("The fox ran. It was quick. The dog slept on.");
    }
}
