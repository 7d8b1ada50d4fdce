package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.SerializableAction;
import dev.procession.core.TaskFuture;
import dev.procession.green.EventLoop;
import dev.procession.green.Task;
import dev.procession.green.TaskGroup;
import dev.procession.green.TaskGroupException;
import dev.procession.process.ChildFailedException;
import dev.procession.process.ChildProcess;
import dev.procession.process.ProcessPool;
import dev.procession.process.Processes;
import dev.procession.shm.SharedEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Event loops in other processes, and other processes as members of a loop's group. Neither module knows the other. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("FutureReturnValueIgnored") // a group tells what its members threw
class LoopsAndProcessesTest {
    @Test
    void aLoopRunsInAWorkerOfAPool() throws Exception {
        try (ProcessPool pool = ProcessPool.of(2)) {
            List<Integer> counts = pool.map(LoopsAndProcessesTest::countInALoop, List.of(100, 200, 300), 1);

            assertThat(counts).containsExactly(100, 200, 300);
        }
    }

    private static int countInALoop(int tasks) {
        int[] count = {0};
        try {
            EventLoop.run(() -> {
                try (TaskGroup group = TaskGroup.open()) {
                    for (int i = 0; i < tasks; i++) {
                        Task<?> _ = group.start(() -> {
                            count[0]++;
                            EventLoop.sleep(Duration.ZERO);
                        });
                    }
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return count[0];
    }

    /** Cancelling the pool's task cancels the loop's main task, its clean-up runs, and the worker takes the next task. */
    @Test
    void aCancelledLoopCleansUpAndItsWorkerGoesOn() throws Exception {
        try (SharedEvent looping = SharedEvent.create();
                SharedEvent cleanedUp = SharedEvent.create();
                ProcessPool pool = ProcessPool.of(1)) {
            long worker = pool.submit(() -> Processes.current().pid()).get();
            TaskFuture<?> endless = pool.submit(() -> {
                EventLoop.run(() -> {
                    try {
                        looping.set();
                        EventLoop.sleepForever();
                    } finally {
                        EventLoop.sleep(Duration.ofMillis(1));
                        cleanedUp.set();
                    }
                });
                return null;
            });
            looping.await();

            endless.cancel(true);
            endless.gone().get();

            assertThat(cleanedUp.isSet()).isTrue();
            assertThat(pool.submit(() -> Processes.current().pid()).get()).isEqualTo(worker);
        }
    }

    @Test
    void aGroupAwaitsItsChildProcess() throws Exception {
        EventLoop.run(() -> {
            ChildProcess child = ChildProcess.start(() -> {});
            try (TaskGroup group = TaskGroup.open()) {
                group.add(child.asFuture());
            }
            assertThat(child.exitCode()).hasValue(0);
        });
    }

    @Test
    void aChildThatIsKilledFailsItsGroupAndEndsTheOthers() throws Exception {
        EventLoop.run(() -> {
            ChildProcess killed = ChildProcess.start(endless());
            ChildProcess other = ChildProcess.start(endless());
            assertThatThrownBy(() -> {
                        try (TaskGroup group = TaskGroup.open()) {
                            group.add(killed.asFuture());
                            group.add(other.asFuture());
                            killed.kill();
                        }
                    })
                    .isInstanceOf(TaskGroupException.class)
                    .hasCauseInstanceOf(ChildFailedException.class);
            assertThat(killed.exitCode()).hasValue(-9);
            assertThat(other.exitCode()).hasValue(-15);
        });
    }

    /** A child that does not heed SIGTERM holds up the end of its group until it is killed, and no longer. */
    @Test
    void aCancelledGroupHasEndedWhenItsChildIsGone() throws Exception {
        try (SharedEvent deaf = SharedEvent.create()) {
            EventLoop.run(() -> {
                ChildProcess child = ChildProcess.start(() -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(LoopsAndProcessesTest::sleepOn));
                    deaf.set();
                    sleepOn();
                });
                EventLoop.toThread(() -> {
                    deaf.await();
                    return null;
                });
                Task<?> member;
                try (TaskGroup group = TaskGroup.open()) {
                    member = group.add(child.asFuture());
                    group.cancel();
                }
                assertThat(child.isAlive()).isFalse();
                assertThat(child.exitCode()).hasValue(-9);
                assertThatThrownBy(member::resultNow).isInstanceOf(IllegalStateException.class);
            });
        }
    }

    @Test
    void aChildAsAFutureTellsHowItEnded() throws Exception {
        ChildProcess well = ChildProcess.start(() -> {});
        assertThat(well.asFuture().get()).isSameAs(well);

        ChildProcess endless = ChildProcess.start(endless());
        var future = endless.asFuture();
        assertThat(future.cancel(false)).isFalse();
        assertThat(endless.isAlive()).isTrue();
        assertThat(future.cancel(true)).isTrue();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThat(endless.exitCode()).hasValue(-15);
        assertThat(future.cancel(true)).isTrue();
    }

    private static SerializableAction endless() {
        return LoopsAndProcessesTest::sleepOn;
    }

    private static void sleepOn() {
        try {
            Thread.sleep(Duration.ofMinutes(5));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
