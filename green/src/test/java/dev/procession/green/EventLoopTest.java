package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import dev.procession.core.DeadlockException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Running a loop, its callbacks, its order, its end. Cases of the list of coroutine cases and of Python's asyncio are named. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("FutureReturnValueIgnored") // a loop and a group tell what their tasks threw
class EventLoopTest {
    static final Duration TICK = Duration.ofMillis(10);
    static final Duration LONG = Duration.ofSeconds(5);

    private final List<Object> seen = Collections.synchronizedList(new ArrayList<>());

    /** Case A01 of asyncio. */
    @Test
    void runReturnsTheResultAndRefusesToRunInsideALoop() throws Exception {
        assertThat((Object) EventLoop.run(() -> 42)).isEqualTo(42);
        assertThatThrownBy(() -> EventLoop.run(() -> EventLoop.run(() -> 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("inside a running loop");
        assertThatThrownBy(() -> EventLoop.run((TaskAction) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> EventLoop.run(() -> {
                    throw new java.io.IOException("as it is");
                }))
                .isInstanceOf(java.io.IOException.class)
                .hasMessage("as it is");
    }

    /** Case A1. */
    @Test
    void aNewTaskDoesNotRunAtOnceAndTurnsGoRound() throws Exception {
        EventLoop.run(() -> {
            Task<?> a = Task.start(() -> twoSteps("a"));
            Task<?> b = Task.start(() -> twoSteps("b"));
            seen.add("main");
            a.join();
            b.join();
        });

        assertThat(seen).containsExactly("main", "a1", "b1", "a2", "b2");
    }

    private void twoSteps(String name) {
        seen.add(name + "1");
        EventLoop.sleep(Duration.ZERO);
        seen.add(name + "2");
    }

    /** Case A11, and A22 of asyncio. */
    @Test
    void runCancelsWhatIsLeftAndAwaitsItsCleanUp() throws Exception {
        Object result = EventLoop.run(() -> {
            Task.start(() -> {
                try {
                    EventLoop.sleep(LONG);
                } catch (TaskCancelledException e) {
                    seen.add("cancelled");
                    throw e;
                } finally {
                    EventLoop.sleep(TICK);
                    seen.add("cleaned up");
                }
            });
            EventLoop.sleep(Duration.ZERO);
            return 123;
        });

        assertThat(result).isEqualTo(123);
        assertThat(seen).containsExactly("cancelled", "cleaned up");
    }

    /** Case A15. */
    @Test
    void doneCallbacksRunInOrderBeforeTheAwaiterAndNeverAtOnce() throws Exception {
        EventLoop.run(() -> {
            Task<Integer> task = Task.start(() -> {
                EventLoop.sleep(Duration.ZERO);
                return 1;
            });
            task.addDoneCallback(_ -> seen.add("first"));
            task.addDoneCallback(_ -> seen.add("second"));
            task.join();
            seen.add("awaiter");
            task.addDoneCallback(_ -> seen.add("late"));
            seen.add("after adding");
            EventLoop.sleep(Duration.ZERO);
            seen.add("next turn");
        });

        assertThat(seen).containsExactly("first", "second", "awaiter", "after adding", "late", "next turn");
    }

    /** Case A10 of asyncio. */
    @Test
    void aPromiseIsCompletedOnceAndCallsBackLater() throws Exception {
        EventLoop.run(() -> {
            Promise<Integer> promise = Promise.create();
            assertThatThrownBy(promise::resultNow)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not done");
            promise.addDoneCallback(done -> seen.add("one " + done.resultNow()));
            promise.addDoneCallback(done -> seen.add("two " + done.resultNow()));

            promise.complete(7);

            assertThat(seen).isEmpty();
            assertThatThrownBy(() -> promise.complete(8)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> promise.fail(new IllegalArgumentException()))
                    .isInstanceOf(IllegalStateException.class);
            EventLoop.sleep(Duration.ZERO);
            assertThat(seen).containsExactly("one 7", "two 7");
            assertThat((Object) promise.get()).isEqualTo(7);
            assertThat(promise.cancel(false)).isFalse();
        });
    }

    /** Case A11 of asyncio. */
    @Test
    void callbacksComeFirstInFirstOutAndTimersByTime() throws Exception {
        EventLoop.run(() -> {
            EventLoop loop = EventLoop.current();
            loop.callLater(TICK.multipliedBy(2), () -> seen.add("late"));
            loop.callLater(TICK, () -> seen.add("early"));
            loop.callLater(TICK, () -> seen.add("never")).cancel();
            loop.callSoon(() -> seen.add(1));
            loop.callSoon(() -> seen.add(2));
            loop.callSoon(() -> seen.add("never")).cancel();
            loop.callSoon(() -> seen.add(3));
            EventLoop.sleep(TICK.multipliedBy(3));
        });

        assertThat(seen).containsExactly(1, 2, 3, "early", "late");
    }

    /** Case A20 of asyncio. */
    @Test
    void anotherThreadStartsATaskAndGivesUpWaitingWithoutCancellingIt() throws Exception {
        AtomicReference<EventLoop> given = new AtomicReference<>();
        Background<?> running = Background.run(() -> EventLoop.run(() -> {
            given.set(EventLoop.current());
            EventLoop.sleepForever();
        }));
        Background.until(() -> given.get() != null);
        EventLoop loop = given.get();

        assertThat((Object) loop.callThreadsafe(() -> {
                            EventLoop.sleep(TICK);
                            return Thread.currentThread().isVirtual();
                        })
                        .get())
                .isEqualTo(true);
        AtomicReference<Promise<String>> gate = new AtomicReference<>();
        CompletableFuture<String> slow = loop.callThreadsafe(() -> {
            gate.set(Promise.create());
            return gate.get().get();
        });
        assertThatThrownBy(() -> slow.get(10, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        Background.until(() -> gate.get() != null);
        gate.get().complete("not cancelled");
        assertThat(slow.get()).isEqualTo("not cancelled");
        CompletableFuture<Object> cancelled = loop.callThreadsafe(() -> {
            try {
                EventLoop.sleepForever();
                return null;
            } finally {
                seen.add("cancelled");
            }
        });
        Background.until(() -> {
            cancelled.cancel(true);
            return seen.contains("cancelled");
        });
        running.interrupt();
        assertThat(running.failure(InterruptedException.class)).hasMessageContaining("main task was cancelled");
    }

    @Test
    void anInterruptOfTheWaitingThreadCancelsTheMainTask() {
        Background<?> running = Background.run(() -> EventLoop.run(() -> {
            try {
                seen.add("waits");
                EventLoop.sleepForever();
            } finally {
                EventLoop.sleep(TICK);
                seen.add("cleaned up");
            }
        }));
        Background.until(() -> seen.contains("waits"));

        running.interrupt();

        running.failure(InterruptedException.class);
        assertThat(seen).containsExactly("waits", "cleaned up");
    }

    @Test
    void aLoopMayRunSeveralTimesAndKeepsItsTasks() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            Task<String> early = loop.createTask(() -> "made before the loop ran");
            Task<Integer> ticker = loop.createTask(() -> {
                int ticks = 0;
                while (ticks < 1000) {
                    EventLoop.sleep(Duration.ZERO);
                    seen.add(++ticks);
                }
                return ticks;
            });
            assertThat((Object) loop.runUntilComplete(() -> {
                        EventLoop.sleep(Duration.ZERO);
                        return "one";
                    }))
                    .isEqualTo("one");
            int ticksSoFar = seen.size();
            assertThat(early.resultNow()).isEqualTo("made before the loop ran");
            assertThat(ticker.isDone()).isFalse();
            assertThat(ticksSoFar).isBetween(1, 10);

            assertThat((Object) loop.runUntilComplete(ticker)).isEqualTo(1000);
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void aClosedLoopRefuses() throws Exception {
        EventLoop loop = EventLoop.create();
        loop.createTask(() -> seen.add("never: cancelled before it started"));
        loop.close();
        loop.close();

        assertThatThrownBy(() -> loop.runUntilComplete(() -> 1)).hasMessageContaining("closed");
        assertThatThrownBy(() -> loop.createTask(() -> 1)).hasMessageContaining("closed");
        assertThat(seen).isEmpty();
    }

    @Test
    void callsOfTheLoopAreRefusedElsewhere() throws Exception {
        assertThatThrownBy(() -> EventLoop.sleep(TICK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no task");
        assertThatThrownBy(EventLoop::current).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Task.start(() -> 1)).isInstanceOf(IllegalStateException.class);
        EventLoop.run(() -> {
            EventLoop loop = EventLoop.current();
            Object refused = EventLoop.toThread(() -> {
                assertThatThrownBy(() -> loop.callSoon(() -> {}))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("callSoonThreadsafe");
                return "refused";
            });
            assertThat(refused).isEqualTo("refused");
        });
    }

    /** Case A17. */
    @Test
    void anErrorThatNobodyAskedForIsReportedWhenTheLoopEnds() throws Exception {
        List<String> reported = new ArrayList<>();
        try (EventLoop loop = EventLoop.builder()
                .onError((what, error) -> reported.add(what + ": " + error.getMessage()))
                .build()) {
            loop.runToTheEnd(() -> {
                Task.start(() -> {
                    throw new IllegalStateException("unread");
                });
                Task<?> read = Task.start(() -> {
                    throw new IllegalStateException("read");
                });
                EventLoop.sleep(Duration.ZERO);
                assertThatThrownBy(read::join).hasRootCauseMessage("read");
                loop.callSoon(() -> {
                    throw new IllegalStateException("callback");
                });
                EventLoop.sleep(Duration.ZERO);
                return null;
            });
            assertThat(reported).containsExactly("a callback of loop " + loop + " threw: callback");
        }

        assertThat(reported)
                .hasSize(2)
                .last()
                .asString()
                .startsWith("nobody asked for the error of task task-1")
                .endsWith("unread");
    }

    /** Case A19. */
    @Test
    void scopedValuesBelongToATaskAndAreInherited() throws Exception {
        ScopedValue<Integer> number = ScopedValue.newInstance();
        try (EventLoop loop = EventLoop.builder().inherit(number).build()) {
            ScopedValue.where(number, 1)
                    .call(() -> loop.runToTheEnd(() -> {
                        Task<?> task = Task.start(() -> {
                            seen.add("task " + number.get());
                            ScopedValue.where(number, 2).run(() -> {
                                EventLoop.sleep(Duration.ZERO);
                                seen.add("task " + number.get());
                            });
                        });
                        EventLoop.sleep(Duration.ZERO);
                        EventLoop.sleep(Duration.ZERO);
                        seen.add("creator " + number.get());
                        task.join();
                        seen.add("thread " + EventLoop.toThread(number::get));
                        return null;
                    }));
        }

        assertThat(seen).containsSubsequence("task 1", "creator 1").containsSubsequence("task 1", "task 2");
        assertThat(seen).last().isEqualTo("thread 1");
    }

    /** Case T8. */
    @Test
    void aBatchRunsInTheOrderItWasStartedInUnlessTheLoopIsShuffled() throws Exception {
        List<Object> inOrder = batch(EventLoop.builder());
        List<Object> first = batch(EventLoop.builder().shuffle(1));
        List<Object> again = batch(EventLoop.builder().shuffle(1));
        List<Object> other = batch(EventLoop.builder().shuffle(2));

        assertThat(inOrder)
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
        assertThat(first).isNotEqualTo(inOrder).containsExactlyInAnyOrderElementsOf(inOrder);
        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(inOrder);
    }

    private static List<Object> batch(EventLoopBuilder builder) throws Exception {
        List<Object> order = new ArrayList<>();
        try (EventLoop loop = builder.build()) {
            loop.runToTheEnd(() -> {
                try (TaskGroup group = TaskGroup.open()) {
                    for (int i = 0; i < 20; i++) {
                        int number = i;
                        group.start(() -> order.add(number));
                    }
                }
                return null;
            });
        }
        return order;
    }

    @Test
    void runCancelsWhatHasNotStarted() throws Exception {
        EventLoop.run(() -> {
            Task.start(() -> seen.add("never"));
        });
        assertThat(seen).isEmpty();
    }

    /** Case T6. */
    @Test
    void theVirtualClockJumpsFromTimerToTimer() throws Exception {
        long start = System.nanoTime();
        try (EventLoop loop = EventLoop.builder().virtualClock().build()) {
            loop.runToTheEnd(() -> {
                try (TaskGroup group = TaskGroup.open()) {
                    for (int seconds : new int[] {450, 3600, 60}) {
                        group.start(() -> {
                            EventLoop.sleep(Duration.ofSeconds(seconds));
                            seen.add(seconds + "@" + loop.time().toSeconds());
                        });
                    }
                }
                return null;
            });
        }

        assertThat(seen).containsExactly("60@60", "450@450", "3600@3600");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void whatIsUnderWayOutsideKeepsTheVirtualClockFromJumping() throws Exception {
        try (EventLoop loop = EventLoop.builder().virtualClock().build()) {
            loop.runToTheEnd(() -> {
                Task<?> hour = Task.start(() -> EventLoop.sleep(Duration.ofHours(1)));
                EventLoop.toThread(() -> {
                    Thread.sleep(30);
                    return null;
                });
                seen.add(loop.time());
                hour.join();
                seen.add(loop.time());
                return null;
            });
        }

        assertThat(seen).containsExactly(Duration.ZERO, Duration.ofHours(1));
    }

    @Test
    void aDeadlockNamesEveryWaiter() {
        assertThatThrownBy(() -> EventLoop.run(() -> {
                    GreenLock lock = new GreenLock();
                    lock.lock();
                    Task<?> other = Task.start(lock::lock);
                    other.setName("other");
                    other.join();
                }))
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("main waits for task other")
                .hasMessageContaining("other waits for a GreenLock");
    }

    @Test
    void aTaskThatKeepsWaitingForNothingEndsTheLoop() {
        assertThatThrownBy(() -> EventLoop.run(() -> {
                    while (true) {
                        try {
                            new GreenEvent().await();
                        } catch (DeadlockException again) {
                            seen.add("caught");
                        }
                    }
                }))
                .isInstanceOf(DeadlockException.class);
        assertThat(seen).hasSizeGreaterThan(1);
    }

    @Test
    void aPromiseThatAnotherThreadCompletesIsNoDeadlock() throws Exception {
        Object result = EventLoop.run(() -> {
            Promise<String> promise = Promise.create();
            Thread.ofPlatform().daemon().start(() -> promise.complete("from outside"));
            return promise.get();
        });

        assertThat(result).isEqualTo("from outside");
    }

    @Test
    void twoLoopsRunInTwoThreads() {
        Background<Integer> one = Background.call(() -> EventLoop.run(() -> countTo(500)));
        Background<Integer> two = Background.call(() -> EventLoop.run(() -> countTo(700)));

        assertThat(one.result()).isEqualTo(500);
        assertThat(two.result()).isEqualTo(700);
    }

    private static int countTo(int end) {
        int count = 0;
        while (count < end) {
            EventLoop.sleep(Duration.ZERO);
            count++;
        }
        return count;
    }

    @Test
    void describingShowsWhoStartedWhomAndWhatEachWaitsFor() throws Exception {
        List<String> lines = EventLoop.run(() -> {
            Task<?> parent = EventLoop.current().createTask("parent", () -> {
                EventLoop.current().createTask("child", () -> {
                    EventLoop.sleepForever();
                    return null;
                });
                EventLoop.sleep(LONG);
                return null;
            });
            EventLoop.sleep(TICK);
            List<String> description = EventLoop.current().describe();
            parent.cancel();
            return description;
        });

        assertThat(lines.get(1)).isEqualTo("  main is ready");
        assertThat(lines.get(2)).startsWith("    parent waits for ");
        assertThat(lines.get(3)).isEqualTo("      child waits for nothing, for ever");
    }

    @Test
    void theMainTaskCancellingItselfIsACancelledRun() {
        assertThatThrownBy(() -> EventLoop.run(() -> {
                    Task.current().cancel();
                    EventLoop.sleep(Duration.ZERO);
                }))
                .isInstanceOf(CancellationException.class);
    }
}
