package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import dev.procession.core.ThreadPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Task groups by the rules of asyncio's, and trio's nurseries where those are stricter. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("FutureReturnValueIgnored") // a loop and a group tell what their tasks threw
class TaskGroupTest {
    private final List<Object> seen = new ArrayList<>();
    private EventLoop loop;

    private void onLoop(TaskAction main) throws Exception {
        try (EventLoop virtual = EventLoop.builder().virtualClock().build()) {
            loop = virtual;
            virtual.runToTheEnd(EventLoop.callable(main));
        }
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private void sleeps(String name, long seconds) {
        try {
            EventLoop.sleep(seconds(seconds));
            seen.add(name + " slept");
        } catch (TaskCancelledException e) {
            seen.add(name + " cancelled");
            throw e;
        }
    }

    private static void failAfter(long seconds, String message) {
        EventLoop.sleep(seconds(seconds));
        throw new IllegalStateException(message);
    }

    @Test
    void theEndOfTheGroupWaitsForAllTasks() throws Exception {
        onLoop(() -> {
            Task<String> one;
            try (TaskGroup group = TaskGroup.open()) {
                one = group.start(() -> {
                    sleeps("one", 2);
                    return "value";
                });
                group.start(() -> sleeps("two", 1));
                seen.add("body");
            }
            assertThat(one.resultNow()).isEqualTo("value");
            assertThat(seen).containsExactly("body", "two slept", "one slept");
            assertThat(loop.time()).isEqualTo(seconds(2));
        });
    }

    /** Case A16 of asyncio. */
    @Test
    void aFailureCancelsTheSiblingsAndTheBodyAndComesOutAsOneException() throws Exception {
        onLoop(() -> {
            TaskGroup[] opened = new TaskGroup[1];
            assertThatThrownBy(() -> {
                        try (TaskGroup group = TaskGroup.open()) {
                            opened[0] = group;
                            group.start(() -> failAfter(1, "first"));
                            group.start(() -> sleeps("sibling", 10));
                            EventLoop.sleep(seconds(100));
                            seen.add("not reached");
                        } finally {
                            seen.add("body left");
                        }
                    })
                    .isInstanceOf(TaskGroupException.class)
                    .hasMessage("a task failed: java.lang.IllegalStateException: first")
                    .hasNoSuppressedExceptions()
                    .cause()
                    .hasMessage("first");
            assertThat(seen).containsExactly("sibling cancelled", "body left");
            assertThat(loop.time()).isEqualTo(seconds(1));
            assertThatThrownBy(() -> opened[0].start(() -> 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has ended");
        });
    }

    @Test
    void noFailureIsLost() throws Exception {
        onLoop(() -> assertThatThrownBy(() -> {
                    try (TaskGroup group = TaskGroup.open()) {
                        group.start(() -> failAfter(1, "first"));
                        group.start(() -> {
                            try {
                                EventLoop.sleep(seconds(10));
                            } finally {
                                throwNow("during clean-up");
                            }
                        });
                        group.start(() -> CancelScope.shielded(() -> failAfter(2, "shielded")));
                        EventLoop.sleep(seconds(100)); // the body gets the exception before the others have ended
                    }
                })
                .isInstanceOfSatisfying(
                        TaskGroupException.class,
                        e -> assertThat(e.failures())
                                .extracting(Throwable::getMessage)
                                .containsExactly("first", "during clean-up", "shielded")));
    }

    private static void throwNow(String message) {
        throw new IllegalArgumentException(message);
    }

    @Test
    void aBodyThatSwallowsTheFailureDoesNotHideIt() throws Exception {
        onLoop(() -> assertThatThrownBy(() -> {
                    try (TaskGroup group = TaskGroup.open()) {
                        group.start(() -> failAfter(1, "not hidden"));
                        try {
                            EventLoop.sleep(seconds(100));
                        } catch (TaskGroupException e) {
                            seen.add("swallowed");
                        }
                    }
                })
                .isInstanceOf(TaskGroupException.class)
                .hasRootCauseMessage("not hidden"));
        assertThat(seen).containsExactly("swallowed");
    }

    /** Case A9. */
    @Test
    void aCancelledOpenerCancelsAllAndIsCancelledItself() throws Exception {
        onLoop(() -> {
            Task<?> parent = Task.start(() -> {
                try (TaskGroup group = TaskGroup.open()) {
                    for (int i = 1; i <= 5; i++) {
                        String name = "child " + i;
                        group.start(() -> sleeps(name, 100));
                    }
                }
            });
            EventLoop.sleep(seconds(1));
            parent.cancel();
            assertThatThrownBy(parent::get).isInstanceOf(CancellationException.class);
            assertThat(seen)
                    .containsExactlyInAnyOrder(
                            "child 1 cancelled",
                            "child 2 cancelled",
                            "child 3 cancelled",
                            "child 4 cancelled",
                            "child 5 cancelled");
        });
    }

    /** Case A10. */
    @Test
    void oneCancelledTaskDoesNotEndTheGroup() throws Exception {
        onLoop(() -> {
            TaskGroup group = TaskGroup.open();
            Task<?> cancelled = group.start(() -> sleeps("cancelled one", 100));
            group.start(() -> sleeps("other", 3));
            EventLoop.sleep(seconds(1));
            cancelled.cancel();
            group.close();
            assertThat(seen).containsExactly("cancelled one cancelled", "other slept");
            assertThatThrownBy(() -> group.start(() -> 1)).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void cancellingTheGroupIsNoFailure() throws Exception {
        onLoop(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                group.start(() -> sleeps("one", 100));
                group.start(() -> {
                    EventLoop.sleep(seconds(1));
                    group.cancel();
                });
            }
            assertThat(seen).containsExactly("one cancelled");
            TaskGroup.run(group -> {
                group.start(() -> sleeps("two", 100));
                EventLoop.sleep(seconds(1));
                group.cancel();
                EventLoop.sleep(seconds(100)); // the body is in it, too
                seen.add("not reached");
            });
            assertThat(seen).containsExactly("one cancelled", "two cancelled");
            assertThat(loop.time()).isEqualTo(seconds(2));
            EventLoop.sleep(seconds(1));
        });
    }

    @Test
    void aBodyThatThrowsCancelsTheTasksAndItsErrorIsOneOfTheFailures() throws Exception {
        onLoop(() -> {
            assertThatThrownBy(() -> TaskGroup.run(group -> {
                        group.start(() -> sleeps("task", 100));
                        EventLoop.sleep(seconds(1));
                        throw new IllegalStateException("body");
                    }))
                    .isInstanceOf(TaskGroupException.class)
                    .hasRootCauseMessage("body");
            assertThat(seen).containsExactly("task cancelled");
        });
    }

    /** On every engine: a body that has swallowed the failure is interrupted in the JDK, too. */
    @Test
    void aJdkWaitOfTheBodyIsInterruptedOnceATaskHasFailed() throws Exception {
        EventLoop.run(() -> assertThatThrownBy(() -> {
                    try (TaskGroup group = TaskGroup.open()) {
                        group.start(() -> failAfter(0, "task"));
                        try {
                            EventLoop.sleepForever();
                        } catch (TaskGroupException swallowed) {
                            seen.add("swallowed");
                        }
                        Thread.sleep(60_000);
                    }
                })
                .isInstanceOf(InterruptedException.class)
                .satisfies(interrupted -> assertThat(interrupted.getSuppressed())
                        .singleElement()
                        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                        .isInstanceOf(TaskGroupException.class)
                        .hasRootCauseMessage("task")));
        assertThat(seen).containsExactly("swallowed");
    }

    @Test
    void groupsNest() throws Exception {
        onLoop(() -> {
            assertThatThrownBy(() -> {
                        try (TaskGroup outer = TaskGroup.open()) {
                            outer.start(() -> {
                                try (TaskGroup inner = TaskGroup.open()) {
                                    inner.start(() -> sleeps("innermost", 100));
                                    inner.start(() -> failAfter(1, "deep"));
                                }
                            });
                            outer.start(() -> sleeps("outer", 100));
                        }
                    })
                    .isInstanceOf(TaskGroupException.class)
                    .hasRootCauseMessage("deep")
                    .cause()
                    .isInstanceOf(TaskGroupException.class);
            assertThat(seen).containsExactlyInAnyOrder("innermost cancelled", "outer cancelled");
        });
    }

    @Test
    void aGroupHasADeadline() throws Exception {
        onLoop(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                group.scope().setDeadline(seconds(3));
                group.start(() -> sleeps("quick", 1));
                group.start(() -> sleeps("slow", 10));
            }
            assertThat(seen).containsExactly("quick slept", "slow cancelled");
            assertThat(loop.time()).isEqualTo(seconds(3));
        });
    }

    @Test
    void startAndAwaitWaitsForTheHandshakeOnly() throws Exception {
        onLoop(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                int port = group.<Integer>startAndAwait(started -> {
                    EventLoop.sleep(seconds(1));
                    started.started(8080);
                    sleeps("service", 10);
                });
                assertThat(port).isEqualTo(8080);
                assertThat(loop.time()).isEqualTo(seconds(1));
                assertThatThrownBy(() -> group.startAndAwait(started -> failAfter(1, "cannot bind")))
                        .isInstanceOf(CompletionException.class)
                        .hasRootCauseMessage("cannot bind");
                assertThatThrownBy(() -> group.startAndAwait(started -> {}))
                        .rootCause()
                        .hasMessageContaining("without saying that it started");
            }
            assertThat(seen).containsExactly("service slept");
        });
    }

    @Test
    void workElsewhereIsAMember() throws Exception {
        EventLoop.run(() -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> endless = new CompletableFuture<>();
            Task<String> member;
            try (TaskGroup group = TaskGroup.open()) {
                member = group.add(work);
                group.add(endless);
                Thread.ofPlatform().daemon().start(() -> work.complete("done elsewhere"));
                assertThat(member.join()).isEqualTo("done elsewhere");
                group.cancel();
            }
            assertThat(endless).isCancelled();
            assertThatThrownBy(() -> {
                        try (TaskGroup group = TaskGroup.open()) {
                            group.add(CompletableFuture.failedFuture(new IllegalStateException("elsewhere")));
                        }
                    })
                    .hasRootCauseMessage("elsewhere");
        });
    }

    @Test
    void workElsewhereIsCancelledAlsoBeforeItsTaskHasHadATurn() throws Exception {
        EventLoop.run(() -> {
            CompletableFuture<String> ofGroup = new CompletableFuture<>();
            CompletableFuture<String> byItself = new CompletableFuture<>();
            CompletableFuture<String> killed = new CompletableFuture<>();
            try (TaskGroup group = TaskGroup.open()) {
                group.add(byItself).cancel();
                Green.kill(group.add(killed));
                assertThat(byItself).isCancelled();
                assertThat(killed).isCancelled();
                group.add(ofGroup);
                group.cancel();
            }
            assertThat(ofGroup).isCancelled();
        });
    }

    /** A thread is interrupted when its group is cancelled, and awaited until it has really ended. */
    @Test
    void aTaskOfAThreadPoolIsAMember() throws Exception {
        try (ThreadPool pool = ThreadPool.of(2)) {
            EventLoop.run(() -> {
                CountDownLatch started = new CountDownLatch(1);
                TaskFuture<String> fails = pool.submit(() -> {
                    started.await();
                    throw new IllegalStateException("in a thread");
                });
                TaskFuture<Boolean> sleeps = pool.submit(() -> {
                    started.countDown();
                    try {
                        Thread.sleep(60_000);
                        return false;
                    } finally {
                        long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                    }
                });
                assertThatThrownBy(() -> {
                            try (TaskGroup group = TaskGroup.open()) {
                                group.add(fails);
                                group.add(sleeps);
                            }
                        })
                        .isInstanceOf(TaskGroupException.class)
                        .hasRootCauseMessage("in a thread");
                assertThat(sleeps.isCancelled()).isTrue();
                assertThat(sleeps.gone()).isDone();
            });
        }
    }

    @Test
    void onlyTheOpenerClosesIt() throws Exception {
        onLoop(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                Task<?> other = Task.start(group::close);
                assertThatThrownBy(other::join).rootCause().hasMessageContaining("closed by the task that opened it");
            }
        });
        assertThatThrownBy(TaskGroup::open).isInstanceOf(IllegalStateException.class);
    }
}
