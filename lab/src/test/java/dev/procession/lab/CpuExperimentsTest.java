package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets the processor: simulated by the books, and for real. */
class CpuExperimentsTest extends ExperimentTest {
    @Test
    void theConvoyOfTheBookTakesTwiceAsLong() throws Exception {
        Outcome outcome = run("fcfs-convoy");

        assertShown(outcome);
        assertThat(figure(outcome, "meanTurnaround")).isEqualTo(110.0);
        assertThat(figure(outcome, "bestMeanTurnaround")).isEqualTo(50.0);
        assertThat(figure(outcome, "bestOrder")).isEqualTo(List.of(10, 10, 100));
    }

    @Test
    void onOneProcessorTwoProcessesTakeTurnsAndOnTwoTheyDoNot() throws Exception {
        Outcome outcome = runUntilShown("concurrent-parallel", "work", "400");

        assertPids(outcome, 4);
        assertThat((Long) figure(outcome, "oneCpuMillis")).isGreaterThanOrEqualTo(790);
        assertThat((Long) figure(outcome, "twoCpusMillis")).isGreaterThanOrEqualTo(395);
    }

    @Test
    void withoutALongJobInFrontThereIsNoConvoy() throws Exception {
        Outcome outcome = run("fcfs-convoy", "order", "shortest-first");

        assertThat(outcome.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(outcome.reason()).contains("no convoy");
    }

    @Test
    void shortestFirstWaitsLessThanEveryOtherOrder() throws Exception {
        Outcome outcome = run("sjf", "lengths", "6,8,7,3,1,9,4");

        assertShown(outcome);
        assertThat(figure(outcome, "orders")).isEqualTo(5040);
        assertThat(figure(outcome, "meanWaitSjf")).isEqualTo(figure(outcome, "leastMeanWait"));
    }

    @Test
    void aShortQuantumAnswersSoonAndALongOneIsFirstComeFirstServed() throws Exception {
        Outcome outcome = run("rr-quantum");

        assertShown(outcome);
        assertThat(figure(outcome, "responseOfShortest")).isEqualTo(1.0);
        assertThat(figure(outcome, "turnaroundOfShortest")).isEqualTo(14.0);
        assertThat(figure(outcome, "longestIsFcfs")).isEqualTo(true);
    }

    @Test
    void aSwitchThatCostsIsPaidByWhoeverComesLater() throws Exception {
        Outcome outcome = run("rr-quantum", "lengths", "10,40,20", "switch-cost", "3");

        assertShown(outcome);
        assertThat(figure(outcome, "responseOfShortest")).isEqualTo(4.0);
    }

    @Test
    void aBoostEndsTheStarvingAndAccountingTheGaming() throws Exception {
        Outcome outcome = run("mlfq");

        assertShown(outcome);
        assertThat(figure(outcome, "longestWait")).isEqualTo(100L);
        assertThat(figure(outcome, "longestWaitBoosted")).isEqualTo(40L);
        assertThat(figure(outcome, "meanTurnaround")).isEqualTo(205.5);
        assertThat(figure(outcome, "meanTurnaroundAccounted")).isEqualTo(247.5);
    }

    @Test
    void aBoostThatComesTooSeldomHelpsNobody() throws Exception {
        Outcome outcome = run("mlfq", "boost", "1000");

        assertThat(outcome.verdict()).isEqualTo(Verdict.NOT_SHOWN);
        assertThat(outcome.reason()).contains("no help");
    }

    @Test
    void eachEraWastesLessThanTheOneByHand() throws Exception {
        Outcome outcome = run("eras");

        assertShown(outcome);
        assertThat(rows(outcome, "eras"))
                .extracting(era -> era.get("era"))
                .containsExactly("manual", "offline-batch", "online-batch", "multiprogramming", "time-sharing");
        assertThat((Long) figure(outcome, "queryInTimeSharing"))
                .isLessThan((Long) figure(outcome, "queryInMultiprogramming"));
    }

    @Test
    void withoutIoOrSetUpNoEraWastesAnything() throws Exception {
        assertThat(run("eras", "io", "0", "setup", "0").verdict()).isEqualTo(Verdict.NOT_SHOWN);
    }

    @Test
    void aProcessGoesOnlyTheWaysThereAre() throws Exception {
        Outcome outcome = runUntilShown("states", "phase", "300");

        assertPids(outcome, 1);
        @SuppressWarnings("unchecked")
        Map<String, Integer> ways = (Map<String, Integer>) figure(outcome, "transitions");
        assertThat(ways)
                .containsEntry("io_started", 3)
                .containsEntry("io_done", 3)
                .containsEntry("ended", 2);
        assertThat(ways.get("made_way")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"fcfs, A B C", "sjf, B C A", "rr, B C A"})
    void realProcessesEndAsTheSimulatorForetells(String policy, String order) throws Exception {
        Outcome outcome = run("sim-vs-real", "policy", policy, "lengths", "350,150,250", "quantum", "100");

        assertThat(outcome.verdict()).isNotEqualTo(Verdict.BROKEN);
        assertPids(outcome, 3);
        assertThat(String.join(" ", strings(outcome, "foretoldOrder"))).isEqualTo(order);
        if (!policy.equals("rr")) { // whose order is one of time
            assertThat(strings(outcome, "realOrder")).isEqualTo(strings(outcome, "foretoldOrder"));
        }
        if ((Long) figure(outcome, "cpuShare") >= 90) { // else others had the processors
            assertShown(outcome);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> strings(Outcome outcome, String name) {
        return (List<String>) figure(outcome, name);
    }
}
