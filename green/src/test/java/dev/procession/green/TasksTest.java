package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.green.Tasks.Until;
import dev.procession.green.Tasks.Waited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks that wait for others and cancel them, by asyncio's rules. All on a virtual clock, so times are exact. */
@ExtendWith(NothingLeft.class)
class TasksTest {
    private final List<Object> seen = new ArrayList<>();
    private EventLoop loop;

    private void onLoop(TaskAction main) throws Exception {
        try (EventLoop virtual = EventLoop.builder().virtualClock().build()) {
            loop = virtual;
            virtual.runToTheEnd(EventLoop.callable(main));
        }
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private <T> Task<T> after(long millis, T value) {
        return Task.start(() -> {
            try {
                EventLoop.sleep(millis(millis));
                return value;
            } catch (TaskCancelledException cancelled) {
                seen.add("cancelled " + value);
                throw cancelled;
            }
        });
    }

    private Task<Object> failsAfter(long millis) {
        return Task.start(() -> {
            EventLoop.sleep(millis(millis));
            throw new IllegalStateException("failed");
        });
    }

    /** Case A02 of asyncio. */
    @Test
    void gatherGivesResultsInTheOrderOfItsArguments() throws Exception {
        onLoop(() -> {
            assertThat(Tasks.gather(after(30, "a"), after(10, "b"), after(20, "c")))
                    .containsExactly("a", "b", "c");
            assertThat(loop.time()).isEqualTo(millis(30));
            assertThat(Tasks.gather(List.<Task<Object>>of())).isEmpty();
        });
    }

    @Test
    void gatherThrowsTheFirstFailureAtOnceAndLetsTheOthersGoOn() throws Exception {
        onLoop(() -> {
            Task<String> slow = after(50, "slow");
            assertThatThrownBy(() -> Tasks.gather(slow, failsAfter(10)))
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("failed");
            assertThat(loop.time()).isEqualTo(millis(10));
            assertThat(slow.join()).isEqualTo("slow");
        });
    }

    /** Case A3. */
    @Test
    void cancellingAGatherCancelsAllOfIt() throws Exception {
        onLoop(() -> {
            Task<?> gatherer = Task.start(() -> Tasks.gather(after(100, 1), after(100, 2), after(100, 3)));
            EventLoop.sleep(millis(1));
            gatherer.cancel();
            assertThatThrownBy(gatherer::join)
                    .isInstanceOf(CancellationException.class)
                    .isNotInstanceOf(TaskCancelledException.class);
            EventLoop.sleep(Duration.ZERO);
            assertThat(seen).containsExactly("cancelled 1", "cancelled 2", "cancelled 3");
        });
    }

    /** Case A4, and A23 of asyncio. */
    @Test
    void waitNeverThrowsAndNeverCancels() throws Exception {
        onLoop(() -> {
            Task<?> ok = after(10, "ok");
            Task<?> slow = after(5000, "slow");
            Task<?> error = failsAfter(30);
            List<Task<?>> all = List.of(ok, slow, error);

            Waited<Task<?>> first = Tasks.wait(all, Until.FIRST_COMPLETED);
            assertThat(first.done()).containsExactly(ok);
            assertThat(first.pending()).containsExactly(slow, error);
            assertThat(loop.time()).isEqualTo(millis(10));

            Waited<Task<?>> failed = Tasks.wait(all, Until.FIRST_EXCEPTION);
            assertThat(failed.done()).containsExactly(ok, error);
            assertThat(failed.pending()).containsExactly(slow);
            assertThat(loop.time()).isEqualTo(millis(30));

            Waited<Task<?>> timedOut = Tasks.wait(all, Until.ALL_COMPLETED, millis(10));
            assertThat(timedOut.done()).containsExactly(ok, error);
            assertThat(timedOut.pending()).containsExactly(slow);
            assertThat(loop.time()).isEqualTo(millis(40));
            assertThat(slow.isDone()).isFalse();

            assertThat(Tasks.wait(all).pending()).isEmpty();
            assertThat(loop.time()).isEqualTo(millis(5000));
            assertThat(seen).isEmpty();
        });
    }

    /** Case A5, and A04 of asyncio. */
    @Test
    void waitForThrowsOnlyWhenTheCleanUpHasEnded() throws Exception {
        onLoop(() -> {
            Task<?> job = Task.start(() -> {
                try {
                    EventLoop.sleep(millis(5000));
                } finally {
                    EventLoop.sleep(millis(20));
                    seen.add("cleaned up");
                }
            });
            assertThatThrownBy(() -> Tasks.waitFor(job, millis(10))).isInstanceOf(TimeoutException.class);
            assertThat(seen).containsExactly("cleaned up");
            assertThat(loop.time()).isEqualTo(millis(30));
            assertThat(job.isCancelled()).isTrue();
        });
    }

    /** Case A05 of asyncio. */
    @Test
    void waitForWithoutTimeTakesWhatIsDoneAndCancelsTheRest() throws Exception {
        onLoop(() -> {
            Task<String> done = Task.start(() -> "done");
            EventLoop.sleep(Duration.ZERO);
            assertThat(Tasks.waitFor(done, Duration.ZERO)).isEqualTo("done");
            assertThatThrownBy(() -> Tasks.waitFor(after(10, "pending"), Duration.ZERO))
                    .isInstanceOf(TimeoutException.class);
            assertThat(loop.time()).isZero();
            assertThat(Tasks.waitFor(() -> "in time", millis(10))).isEqualTo("in time");
        });
    }

    @Test
    void waitForGivesAResultThatComesDuringTheCancellation() throws Exception {
        onLoop(() -> {
            Task<String> stubborn = Task.start(() -> {
                try {
                    EventLoop.sleep(millis(100));
                    return "in time";
                } catch (TaskCancelledException e) {
                    return "all the same";
                }
            });
            assertThat(Tasks.waitFor(stubborn, millis(10))).isEqualTo("all the same");
        });
    }

    /** Case A20. */
    @Test
    void asCompletedGivesThemAsTheyFinish() throws Exception {
        onLoop(() -> {
            for (Task<Integer> task : Tasks.asCompleted(List.of(after(30, 30), after(10, 10), after(20, 20)))) {
                seen.add(task.resultNow() + "@" + loop.time().toMillis());
            }
            assertThat(seen).containsExactly("10@10", "20@20", "30@30");
        });
    }

    /** Case A14, and A08 of asyncio. */
    @Test
    void shieldKeepsACancellationFromWhatIsWaitedFor() throws Exception {
        onLoop(() -> {
            Task<Integer> inner = after(50, 9);
            Task<?> outer = Task.start(() -> Tasks.shield(inner));
            EventLoop.sleep(millis(10));
            outer.cancel();
            Tasks.wait(List.of(outer));
            assertThat(outer.isCancelled()).isTrue();
            assertThat(loop.time()).isEqualTo(millis(10));
            assertThat(inner.join()).isEqualTo(9);
        });
    }

    @Test
    void awaitHandsACancellationOn() throws Exception {
        onLoop(() -> {
            Task<Integer> inner = after(50, 9);
            Task<?> outer = Task.start(() -> Tasks.await(inner));
            EventLoop.sleep(millis(10));
            outer.cancel();
            Tasks.wait(List.of(outer, inner));
            assertThat(outer.isCancelled()).isTrue();
            assertThat(inner.isCancelled()).isTrue();
        });
    }

    /** Case A07 of asyncio. */
    @Test
    void aTaskThatCatchesItsCancellationHasAResult() throws Exception {
        onLoop(() -> {
            Task<String> task = Task.start(() -> {
                try {
                    EventLoop.sleep(millis(10));
                    return "slept";
                } catch (TaskCancelledException e) {
                    EventLoop.sleep(millis(5)); // cancelled once is not cancelled for ever
                    return "result after " + Task.current().uncancel();
                }
            });
            EventLoop.sleep(Duration.ZERO);
            task.cancel();
            assertThat(task.get()).isEqualTo("result after 0");
            assertThat(task.isCancelled()).isFalse();
            assertThat(task.cancel()).isFalse();
        });
    }

    @Test
    void aTaskCancelledBeforeItStartedNeverStarts() throws Exception {
        onLoop(() -> {
            Task<?> task = Task.start(() -> seen.add("ran"));
            task.cancel();
            assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
            assertThat(seen).isEmpty();
        });
    }

    @Test
    void uncancelTakesARequestBackThatWasNotNoticed() throws Exception {
        onLoop(() -> {
            Task<?> self = Task.current();
            self.cancel();
            self.cancel();
            assertThat(self.cancelRequests()).isEqualTo(2);
            assertThat(self.uncancel()).isEqualTo(1);
            assertThat(self.uncancel()).isZero();
            EventLoop.sleep(millis(1));
            assertThat(loop.time()).isEqualTo(millis(1));
        });
    }

    @Test
    void gettingWithATimeOutLeavesTheTaskAlone() throws Exception {
        onLoop(() -> {
            Task<String> task = after(50, "late");
            assertThatThrownBy(() -> task.get(10, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(loop.time()).isEqualTo(millis(10));
            assertThatThrownBy(() -> task.get(0, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(task.get(1, TimeUnit.HOURS)).isEqualTo("late");
            assertThatThrownBy(() -> failsAfter(1).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("failed");
        });
    }

    @Test
    void aTaskCannotWaitForItself() throws Exception {
        onLoop(() -> assertThatThrownBy(() -> Task.current().join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait for itself"));
    }

    @Test
    void anInterruptOfItsThreadCancelsATask() throws Exception {
        onLoop(() -> {
            Task<?> task = after(1000, "interrupted");
            EventLoop.sleep(Duration.ZERO);
            Thread thread = taskThread(task);
            thread.interrupt();
            Tasks.wait(List.of(task));
            assertThat(task.isCancelled()).isTrue();
            assertThat(seen).containsExactly("cancelled interrupted");
        });
    }

    private static Thread taskThread(Task<?> task) {
        return task.fiber().thread();
    }
}
