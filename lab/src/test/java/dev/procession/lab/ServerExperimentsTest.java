package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TCP servers, for real, at small delays. Who waits for whom is told by the order of events alone. */
class ServerExperimentsTest extends ExperimentTest {
    @Test
    void oneByOneEachWaitsForAllBeforeItAndElseNobodyDoes() throws Exception {
        Outcome outcome = run("tcp-server", "clients", "3", "lines", "2", "pause", "20");

        assertShown(outcome);
        assertThat(rows(outcome, "kinds"))
                .extracting(row -> row.get("kind"))
                .containsExactly("serial", "process", "pool", "thread", "green", "loop");
        assertThat(rows(outcome, "kinds")).extracting(row -> row.get("right")).containsOnly(true);
        assertThat(rows(outcome, "kinds").get(1).get("processes")).isEqualTo(3);
        assertThat(rows(outcome, "kinds").get(5).get("processes")).isEqualTo(1);
    }

    @Test
    void ofAProcessForEachClientOneIsKilledAndOneIsCutOff() throws Exception {
        Outcome outcome = run("tcp-process", "clients", "3", "lines", "2", "pause", "10");

        assertShown(outcome);
        assertPids(outcome, 3);
        assertThat(figure(outcome, "counts")).isEqualTo(List.of(1, 1, 1));
        assertThat(figure(outcome, "cutOff").toString()).isNotEmpty();
    }

    @Test
    void threadsServeAllFromOneProcessAndCountTogether() throws Exception {
        Outcome outcome = run("tcp-thread", "clients", "4", "lines", "2", "pause", "10");

        assertShown(outcome);
        assertThat(figure(outcome, "threads")).isEqualTo(4L);
        assertThat(figure(outcome, "counts")).isEqualTo(List.of(1, 2, 3, 4));
    }

    @Test
    void greenThreadsServeManyAtOnce() throws Exception {
        Outcome outcome = run("tcp-green", "clients", "100", "lines", "2", "pause", "5");

        assertShown(outcome);
        assertThat(figure(outcome, "threads")).isEqualTo(100L);
    }
}
