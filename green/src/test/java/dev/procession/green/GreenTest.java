package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** gevent's manners: tasks of a thread's hub, and of a loop. */
@ExtendWith(NothingLeft.class)
class GreenTest {
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Object> seen = new ArrayList<>();

    /** Case V1. */
    @Test
    void sleepingZeroLetsTheOthersRunInTurn() {
        Task<?> one = Green.spawn(() -> twoSteps(1));
        Task<?> two = Green.spawn(() -> twoSteps(2));
        assertThat(seen).isEmpty();
        Green.joinAll(one, two);
        assertThat(seen).containsExactly("1A", "2A", "1B", "2B");
    }

    private void twoSteps(int number) {
        seen.add(number + "A");
        Green.sleep(Duration.ZERO);
        seen.add(number + "B");
    }

    /** Case V4. */
    @Test
    void aKilledTaskRunsItsFinallyAndHasSucceeded() {
        Task<String> sleeping = Green.spawn(() -> {
            try {
                Green.sleep(LONG);
                return "slept";
            } catch (GreenletExit exit) {
                seen.add("except");
                throw exit;
            } finally {
                seen.add("finally");
            }
        });
        Task<?> unstarted = Green.spawn(() -> seen.add("never"));
        Green.kill(unstarted);
        Green.sleep(Duration.ZERO);
        Green.kill(sleeping);
        Green.kill(sleeping);

        assertThat(seen).containsExactly("except", "finally");
        for (Task<?> killed : List.of(sleeping, unstarted)) {
            assertThat(killed.state()).isEqualTo(java.util.concurrent.Future.State.SUCCESS);
            assertThat(killed.exit()).isPresent();
            assertThat(killed.isDone()).isTrue();
        }
        assertThat(sleeping.join()).isNull();
    }

    /** Case V6. */
    @Test
    void aTimeoutGivesItsFallback() throws Exception {
        Object slow = Green.withTimeout(Duration.ofMillis(20), "dflt", () -> {
            Green.sleep(LONG);
            return "v";
        });
        Object inTheJdk = Green.withTimeout(Duration.ofMillis(20), "dflt", () -> {
            EventLoop.toThread(() -> {
                Thread.sleep(60_000);
                return null;
            });
            return "v";
        });
        assertThat(slow).isEqualTo("dflt");
        assertThat(inTheJdk).isEqualTo("dflt");
        assertThat((Object) Green.withTimeout(LONG, "dflt", () -> "v")).isEqualTo("v");
    }

    @Test
    void ofTwoDeadlinesTheOutermostWins() throws Exception {
        EventLoop.run(() -> {
            try (Deadline outer = Deadline.after(TICK)) {
                try (Deadline inner = Deadline.after(TICK)) {
                    Green.sleep(LONG);
                } catch (DeadlineException e) {
                    assertThat(e.deadline()).isSameAs(outer);
                    seen.add("outer");
                }
            }
            Green.sleep(TICK.multipliedBy(2)); // and the inner one comes to nothing
        });
        assertThat(seen).containsExactly("outer");
    }

    /** Case V8. */
    @Test
    void linksAreCalledInOrderAndTheirErrorsReported() throws Exception {
        try (EventLoop loop = EventLoop.builder()
                .onError((what, error) -> seen.add("reported " + error.getMessage()))
                .build()) {
            loop.runToTheEnd(() -> {
                Task<Integer> task = Green.spawn(() -> 7);
                task.addDoneCallback(_ -> seen.add(1));
                task.addDoneCallback(_ -> {
                    seen.add("bad");
                    throw new IllegalStateException("bad link");
                });
                task.addDoneCallback(_ -> seen.add(3));
                Green.joinAll(task);
                return null;
            });
        }
        assertThat(seen).containsExactly(1, "bad", "reported bad link", 3);
    }

    /** Case V11. */
    @Test
    void aThreadLocalIsLocalToItsTask() {
        ThreadLocal<String> local = new ThreadLocal<>();
        List<Task<?>> tasks = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            tasks.add(Green.spawn(() -> {
                local.set(name);
                Green.sleep(Duration.ZERO);
                seen.add(local.get());
            }));
        }
        Green.joinAll(tasks);
        assertThat(seen).containsExactly("a", "b");
        assertThat(local.get()).isNull();
    }

    @Test
    void joiningGivesWhatEndedInTime() {
        Task<?> quick = Green.spawn(() -> "quick");
        Task<?> slow = Green.spawn(() -> Green.sleep(LONG));
        assertThat(Green.joinAll(List.of(quick, slow), TICK.multipliedBy(100))).containsExactly(quick);
        Green.kill(slow);
    }

    @Test
    void joiningMayThrowTheFirstFailure() {
        Task<?> fails = Green.spawn(() -> {
            throw new IllegalStateException("failed");
        });
        Task<?> slow = Green.spawn(() -> Green.sleep(LONG));
        assertThatThrownBy(() -> Green.joinAllOrThrow(List.of(slow, fails)))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("failed");
        Green.kill(slow);
        assertThatThrownBy(fails::join).hasRootCauseMessage("failed");
    }

    @Test
    void iwaitGivesThemAsTheyEnd() throws Exception {
        Task<?> looking = Green.spawn(
                () -> { // so that neither has ended before we look
                    Task<Integer> early = Green.spawnLater(TICK, () -> 1);
                    Task<Integer> late = Green.spawn(() -> {
                        early.get();
                        Green.sleep(TICK);
                        return 2;
                    });
                    for (Task<Integer> task : Green.iwait(List.of(late, early))) {
                        seen.add(task.resultNow());
                    }
                    return null;
                });
        looking.get();
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void theSpawningThreadWaitsForAResultDirectly() throws Exception {
        Task<String> task = Green.spawn(() -> {
            Green.sleep(TICK);
            return "value";
        });
        assertThat(task.get()).isEqualTo("value");
    }
}
