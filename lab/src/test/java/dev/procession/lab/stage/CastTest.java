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
import dev.procession.shm.SharedBarrier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real child JVMs on the stage: what they tell arrives, and nothing they do hangs the run. */
@ExtendWith(NothingLeft.class)
class CastTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private enum Does implements Look {
        SLEEPS(new Tint("sleeps", '-', '-', Ink.PLAIN)),
        BLANK(new Tint("nothing", ' ', ' ', Ink.PLAIN)),
        HAPPENS(new Tint("happens", '!', '!', Ink.PLAIN));

        @SuppressWarnings("ImmutableEnumChecker")
        private final Tint tint;

        Does(Tint tint) {
            this.tint = tint;
        }

        @Override
        public Tint tint() {
            return tint;
        }
    }

    private static void sleepForEver() throws InterruptedException {
        Diary.enters(Does.SLEEPS);
        Thread.sleep(Duration.ofHours(1));
    }

    @Test
    void whatAChildWritesInItsDiaryArrivesInOrderAndItsOtherLinesDoNot() throws Exception {
        try (Cast cast = Cast.within(LONG)) {
            Actor actor = cast.start("teller", () -> {
                System.out.println("chatter");
                Diary.enters(Does.SLEEPS);
                Diary.marks(Does.HAPPENS, "包子");
                Diary.enters(Does.BLANK);
            });
            cast.awaitEnds();

            assertThat(actor.name()).isEqualTo("teller");
            assertThat(actor.exitCode()).hasValue(0);
            assertThat(actor.entries()).extracting(Entry::word).containsExactly("SLEEPS", "HAPPENS", "BLANK");
            assertThat(actor.entries(Does.HAPPENS)).extracting(Entry::text).containsExactly("包子");
            assertThat(actor.entries()).isSortedAccordingTo(java.util.Comparator.comparingLong(Entry::nanos));
            assertThat(actor.entries().getFirst().nanos()).isBetween(actor.startedNanos(), actor.endedNanos());
        }
    }

    @Test
    void aChildThatFailsBreaksEveryWaitWithItsRemoteStack() throws Exception {
        try (Cast cast = Cast.within(LONG)) {
            cast.start("sleeper", CastTest::sleepForEver);
            cast.start("failer", () -> {
                throw new IllegalStateException("over there");
            });

            assertThatExceptionOfType(BrokenRunException.class)
                    .isThrownBy(cast::awaitEnds)
                    .withMessageStartingWith("failer failed:")
                    .withStackTraceContaining("over there")
                    .withStackTraceContaining("CastTest");
        }
    }

    @Test
    void aChildThatKillsItselfBreaksTheRunToo() {
        try (Cast cast = Cast.within(LONG)) {
            cast.start("suicide", () -> Runtime.getRuntime().halt(7));

            assertThatExceptionOfType(BrokenRunException.class)
                    .isThrownBy(cast::awaitEnds)
                    .withMessageContaining("exitCode=7");
        }
    }

    @Test
    void aChildThatTheRunKilledBreaksNothing() throws Exception {
        try (Cast cast = Cast.within(LONG)) {
            Actor sleeper = cast.start("sleeper", CastTest::sleepForEver);
            cast.await("the sleep", () -> sleeper.isIn(Does.SLEEPS));
            sleeper.kill();
            cast.awaitEnds();

            assertThat(sleeper.exitCode()).hasValue(-9);
            assertThat(sleeper.isIn(Does.SLEEPS)).isFalse();
        }
    }

    @Test
    void patienceEndsAndTellsWhoWasWhere() {
        try (Cast cast = Cast.within(Duration.ofMillis(1500))) {
            Actor sleeper = cast.start("sleeper", CastTest::sleepForEver);

            assertThatExceptionOfType(BrokenRunException.class)
                    .isThrownBy(cast::awaitEnds)
                    .withMessageStartingWith(
                            "waited 1500 ms in vain for the end of 1 children: sleeper (pid " + sleeper.pid() + ") ");
        }
    }

    @Test
    void aBarrierThatNobodyElseComesToEndsByPatience() throws Exception {
        try (SharedBarrier barrier = SharedBarrier.create(2);
                Cast cast = Cast.within(Duration.ofMillis(200))) {
            assertThatExceptionOfType(BrokenRunException.class)
                    .isThrownBy(() -> cast.pass(barrier))
                    .withMessageContaining("starting line");
        }
    }

    @Test
    void closingEndsWhoIsStillThere() {
        Actor sleeper;
        try (Cast cast = Cast.within(LONG)) {
            sleeper = cast.start("sleeper", CastTest::sleepForEver);
        }
        assertThat(sleeper.isAlive()).isFalse();
    }

    @Test
    void anInterruptEndsTheWaitAndClosingStillEndsTheChildren() {
        Actor sleeper;
        try (Cast cast = Cast.within(LONG)) {
            sleeper = cast.start("sleeper", CastTest::sleepForEver);
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(cast::awaitEnds);
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sleeper.isAlive()).isFalse();
    }

    @Test
    void aPartIsWhatWasToldFromOneBeginningToTheNext() throws Exception {
        try (Cast cast = Cast.within(LONG)) {
            Actor actor = cast.start("worker", () -> {
                for (int i = 0; i < 2; i++) {
                    Diary.enters(Does.SLEEPS);
                    Diary.marks(Does.HAPPENS, i);
                    Diary.enters(Does.BLANK);
                }
            });
            cast.awaitEnds();

            Part second = actor.part(Does.SLEEPS, 1);
            assertThat(second.entries(Does.HAPPENS)).extracting(Entry::text).containsExactly("1");
            assertThat(actor.part(Does.SLEEPS, 0).untilNanos())
                    .isEqualTo(second.entries().getFirst().nanos());
            assertThat(actor.part(Does.SLEEPS, 2).entries()).isEmpty();

            Lanes.Lane lane = second.lane(Does.class, Label.of("w"), "", 0);
            assertThat(lane.spans()).extracting(Lanes.Span::tint).containsExactly(Does.SLEEPS.tint());
            assertThat(lane.marks()).hasSize(1);
            assertThat(actor.lane(Does.class, Label.of("w"), "").spans())
                    .extracting(span -> span.tint().word())
                    .isEqualTo(List.of("its JVM starts", "sleeps", "sleeps"));
        }
    }
}
