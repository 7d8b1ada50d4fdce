package dev.procession.lab.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procession.conformance.NothingLeft;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Threads on the stage: what they tell arrives, and nothing they do hangs the run. */
@ExtendWith(NothingLeft.class)
class CrewTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private enum Does implements Look {
        WORKS,
        HAPPENS;

        @Override
        public Tint tint() {
            return new Tint(name(), 'w', 'w', Ink.PLAIN);
        }
    }

    @Test
    void whatAHandTellsArrivesInOrder() throws Exception {
        try (Crew crew = Crew.within(LONG)) {
            CountDownLatch go = new CountDownLatch(1);
            Hand hand = crew.start("worker", self -> {
                self.enters(Does.WORKS);
                go.await();
                self.marks(Does.HAPPENS, 7);
            });
            crew.await("the work", () -> hand.isIn(Does.WORKS));
            assertThat(hand.has(Does.HAPPENS)).isFalse();
            go.countDown();
            crew.awaitEnds();

            assertThat(hand.name()).isEqualTo("worker");
            assertThat(hand.isIn(Does.WORKS)).as("it has ended").isFalse();
            assertThat(hand.entries()).extracting(Entry::word).containsExactly("WORKS", "HAPPENS");
            assertThat(hand.entries(Does.HAPPENS)).extracting(Entry::text).containsExactly("7");
            assertThat(hand.entries().getFirst().nanos()).isBetween(hand.startedNanos(), hand.endedNanos());
            Lanes.Lane lane = hand.lane(Does.class, Label.of("w"), "");
            assertThat(lane.spans()).hasSize(1);
            assertThat(lane.marks()).hasSize(1);
        }
    }

    @Test
    void aThreadThatFailsBreaksEveryWait() {
        try (Crew crew = Crew.within(LONG)) {
            crew.start("sleeper", _ -> Thread.sleep(Duration.ofHours(1)));
            crew.start("failer", _ -> {
                throw new IllegalStateException("no more ink");
            });

            assertThatExceptionOfType(BrokenRunException.class)
                    .isThrownBy(crew::awaitEnds)
                    .withMessage("failer failed: java.lang.IllegalStateException: no more ink")
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void patienceEndsAndTellsWhoIsLeft() {
        try (Crew crew = Crew.within(Duration.ofMillis(50))) {
            crew.start("sleeper", _ -> Thread.sleep(Duration.ofHours(1)));

            assertThatExceptionOfType(BrokenRunException.class)
                    .isThrownBy(crew::awaitEnds)
                    .withMessage("waited 50 ms in vain for the end of all threads: sleeper");
        }
    }

    @Test
    void whoIsStartedByAHandIsWaitedForToo() throws Exception {
        try (Crew crew = Crew.within(LONG)) {
            crew.start(
                    "mother",
                    _ -> crew.start("child", self -> {
                        Thread.sleep(20);
                        self.marks(Does.HAPPENS, "");
                    }));
            crew.awaitEnds();

            assertThat(crew.hands()).extracting(Hand::name).containsExactly("mother", "child");
            assertThat(crew.hands().getLast().has(Does.HAPPENS)).isTrue();
        }
    }

    @Test
    void closingEndsWhoIsStillThere() {
        Hand sleeper;
        try (Crew crew = Crew.within(LONG)) {
            sleeper = crew.start("sleeper", _ -> Thread.sleep(Duration.ofHours(1)));
        }
        assertThat(sleeper.thread().isAlive()).isFalse();
    }
}
