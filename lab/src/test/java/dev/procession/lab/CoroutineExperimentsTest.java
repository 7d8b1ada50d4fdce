package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Coroutines, for real, at small delays. */
class CoroutineExperimentsTest extends ExperimentTest {
    @Test
    void eatAndPlayTakeTurnsAndTheOneLeftSuspendedIsClosed() throws Exception {
        Outcome outcome = run("greenlet", "rounds", "3");

        assertShown(outcome);
        assertThat(figure(outcome, "turns"))
                .isEqualTo(List.of("main", "eat", "play", "eat", "play", "eat", "play", "main"));
        assertThat(figure(outcome, "handedToMain")).isEqualTo("egon is tired");
        assertThat(figure(outcome, "playDead")).isEqualTo(true);
        assertThat(figure(outcome, "eatDead")).isEqualTo(false);
        assertThat(figure(outcome, "eatCleanedUp")).isEqualTo(true);
    }

    @Test
    void eachOneTurnIsALadderToo() throws Exception {
        assertShown(run("greenlet", "rounds", "1"));
    }

    @Test
    void switchingComesToTheSameResultsAndIsSlower() throws Exception {
        Outcome outcome = runUntilShown("homework-greenlet", "to", "2000", "rounds", "9");

        assertThat(figure(outcome, "sum")).isEqualTo(2_001_000L);
        assertThat(figure(outcome, "productDigits")).isEqualTo(5736);
        assertThat(figure(outcome, "switches")).isEqualTo(4001);
        assertThat(figure(outcome, "right")).isEqualTo(true);
    }

    @Test
    void sleepsOfGreenTasksOverlapAndThoseWithoutAPatchDoNot() throws Exception {
        Outcome outcome = runUntilShown("gevent", "eat", "100", "play", "150");

        assertThat((Long) figure(outcome, "serialMillis")).isGreaterThanOrEqualTo(250);
        assertThat((Long) figure(outcome, "unpatchedMillis")).isGreaterThanOrEqualTo(250);
        assertThat((Long) figure(outcome, "greenMillis")).isGreaterThanOrEqualTo(150);
        assertThat(rows(outcome, "ways"))
                .extracting(way -> way.get("speakers"))
                .containsExactly(
                        List.of("eat", "eat", "play", "play"),
                        List.of("eat", "eat", "play", "play"),
                        List.of("eat", "play", "eat", "play"));
    }

    @Test
    void theLoopTakesAsLongAsTheLongestNap() throws Exception {
        Outcome outcome = runUntilShown("asyncio", "naps", "80,160,40", "crowd", "2000");

        assertThat((Long) figure(outcome, "tookMillis")).isGreaterThanOrEqualTo(160);
        assertThat((Long) figure(outcome, "crowdMillis")).isGreaterThanOrEqualTo(160);
        assertThat(figure(outcome, "oneAtATime")).isEqualTo(true);
        assertThat(figure(outcome, "inOrder")).isEqualTo(true);
    }

    @Test
    void napsOfNoTimeAreNoFault() throws Exception {
        assertThat(run("asyncio", "naps", "0", "crowd", "1").verdict()).isNotEqualTo(Verdict.BROKEN);
        Outcome outcome = run("gevent", "eat", "0", "play", "0");
        assertThat(outcome.verdict()).isNotEqualTo(Verdict.BROKEN);
        assertThat(rows(outcome, "ways"))
                .extracting(way -> way.get("leastMillis"))
                .isEqualTo(Collections.nCopies(3, 0L));
    }
}
