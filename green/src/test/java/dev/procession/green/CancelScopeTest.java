package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cancel scopes by trio's rules: for good, with deadlines that move and shields. */
@ExtendWith(NothingLeft.class)
class CancelScopeTest {
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

    /** Case T1. */
    @Test
    void aCancelledScopeThrowsAtEveryWait() throws Exception {
        onLoop(() -> {
            CancelScope scope = CancelScope.create();
            scope.run(() -> {
                scope.cancel();
                for (int i = 0; i < 3; i++) {
                    try {
                        EventLoop.sleepForever();
                    } catch (TaskCancelledException e) {
                        seen.add("cancelled");
                    }
                }
                EventLoop.sleep(Duration.ZERO);
                seen.add("not reached");
            });
            assertThat(seen).containsExactly("cancelled", "cancelled", "cancelled");
            assertThat(scope.cancelledCaught()).isTrue();
            EventLoop.sleep(seconds(1)); // outside nothing is cancelled
        });
    }

    /** Case T2. */
    @Test
    void aShieldLetsTheWorkInsideFinish() throws Exception {
        onLoop(() -> {
            CancelScope outer = CancelScope.create();
            CancelScope inner = CancelScope.create();
            outer.run(() -> {
                outer.cancel();
                inner.shield();
                inner.run(() -> {
                    EventLoop.sleep(Duration.ofMillis(10));
                    seen.add("finished at " + loop.time().toMillis());
                });
                EventLoop.sleep(Duration.ZERO);
                seen.add("not reached");
            });
            assertThat(seen).containsExactly("finished at 10");
            assertThat(outer.cancelledCaught()).isTrue();
            assertThat(inner.cancelledCaught()).isFalse();
        });
    }

    /** Case T4. */
    @Test
    void deadlinesMove() throws Exception {
        onLoop(() -> {
            CancelScope scope = CancelScope.create();
            scope.setDeadline(seconds(100));
            scope.run(() -> {
                EventLoop.sleep(seconds(10));
                scope.setDeadline(seconds(5));
                EventLoop.sleep(seconds(1000));
            });
            assertThat(loop.time()).isEqualTo(seconds(15));
            assertThat(scope.cancelledCaught()).isTrue();
            assertThatThrownBy(() -> CancelScope.failAfter(seconds(3), () -> {
                        EventLoop.sleep(seconds(10));
                        return null;
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(loop.time()).isEqualTo(seconds(18));
            assertThat((Object) CancelScope.failAfter(seconds(3), () -> "in time"))
                    .isEqualTo("in time");
        });
    }

    @Test
    void aDeadlineMayBeTakenAway() throws Exception {
        onLoop(() -> {
            CancelScope scope = CancelScope.create();
            scope.setDeadline(seconds(1));
            scope.run(() -> {
                scope.clearDeadline();
                EventLoop.sleep(seconds(10));
            });
            assertThat(scope.isExpired()).isFalse();
            assertThat(scope.isCancelCalled()).isFalse();
        });
    }

    /** Case A7. */
    @Test
    void ofTwoDeadlinesOfOneInstantTheOuterOneThrows() throws Exception {
        onLoop(() -> {
            CancelScope[] scopes = {CancelScope.create(), CancelScope.create()};
            scopes[0].setDeadline(seconds(1));
            scopes[1].setDeadline(seconds(1));
            scopes[0].run(() -> scopes[1].run(() -> {
                try {
                    EventLoop.sleep(seconds(10));
                } catch (TaskCancelledException e) {
                    seen.add("cancelled");
                    throw e;
                }
            }));
            assertThat(seen).containsExactly("cancelled");
            assertThat(scopes[0].isExpired()).isTrue();
            assertThat(scopes[1].isExpired()).isTrue();
            assertThat(scopes[0].cancelledCaught()).isTrue();
            assertThat(scopes[1].cancelledCaught()).isFalse();

            assertThatThrownBy(() -> CancelScope.failAfter(seconds(1), () -> {
                        try {
                            EventLoop.sleep(seconds(10));
                            return null;
                        } finally {
                            seen.add(1 / zero());
                        }
                    }))
                    .isInstanceOf(ArithmeticException.class);
        });
    }

    private static int zero() {
        return 0;
    }

    @Test
    void theCancellationOfATaskPassesThroughItsScopes() throws Exception {
        onLoop(() -> {
            Task<?> task = Task.start(() -> {
                CancelScope.moveOnAfter(seconds(100), () -> EventLoop.sleep(seconds(200)));
                seen.add("not reached");
            });
            EventLoop.sleep(seconds(1));
            task.cancel();
            assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
            assertThat(seen).isEmpty();
        });
    }

    @Test
    void scopesAreLeftInTheReverseOrder() throws Exception {
        onLoop(() -> {
            CancelScope scope = CancelScope.create();
            scope.run(() -> {
                assertThatThrownBy(() -> scope.run(() -> {})).hasMessageContaining("entered once");
                TaskGroup group = TaskGroup.open();
                assertThatThrownBy(() -> scope.leave(null)).hasMessageContaining("reverse order");
                group.close();
            });
        });
    }

    /** Waits in the JDK are interrupted, again and again; on every engine. In real time. */
    @Test
    void waitsInTheJdkAreCancelledToo() throws Exception {
        EventLoop.run(() -> {
            CancelScope scope = CancelScope.moveOnAfter(Duration.ofMillis(20), () -> {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    seen.add("sleep");
                }
                try {
                    new LinkedBlockingQueue<>().take();
                } catch (InterruptedException e) {
                    seen.add("take");
                }
                new Semaphore(0).acquire();
                seen.add("not reached");
            });
            assertThat(seen).containsExactly("sleep", "take");
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(Thread.interrupted()).isFalse();
            long start = System.nanoTime();
            LockSupport.parkNanos(1_000_000);
            assertThat(System.nanoTime() - start).isPositive();
        });
    }

    @Test
    void aTaskInAWaitOfTheJdkIsCancelledByItsDeadlineAndByHand() throws Exception {
        EventLoop.run(() -> {
            assertThatThrownBy(() -> CancelScope.failAfter(Duration.ofMillis(10), () -> {
                        Thread.sleep(60_000);
                        return null;
                    }))
                    .isInstanceOf(TimeoutException.class);
        });
    }
}
