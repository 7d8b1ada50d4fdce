package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import dev.procession.core.WhenFull;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pool of green tasks as gevent has it. That it is a pool, the contract suites show. */
@ExtendWith(NothingLeft.class)
class GreenPoolTest {
    private static final AtomicInteger UNDER_WAY = new AtomicInteger();
    private static final AtomicInteger MOST = new AtomicInteger();

    /** Case V7. */
    @Test
    void mapKeepsTheOrderAndTheBound() throws Exception {
        UNDER_WAY.set(0);
        MOST.set(0);
        try (GreenPool pool = GreenPool.of(2)) {
            List<Integer> squares = pool.map(
                    x -> {
                        MOST.accumulateAndGet(UNDER_WAY.incrementAndGet(), Math::max);
                        EventLoop.sleep(Duration.ofMillis(10L * (6 - x)));
                        UNDER_WAY.decrementAndGet();
                        return x * x;
                    },
                    List.of(0, 1, 2, 3, 4, 5),
                    1);
            assertThat(squares).containsExactly(0, 1, 4, 9, 16, 25);
            assertThat(MOST).hasValue(2);
            List<Integer> unordered = pool.imapUnordered(
                            millis -> {
                                EventLoop.sleep(Duration.ofMillis(millis));
                                return millis;
                            },
                            List.of(100, 50, 90))
                    .toList();
            assertThat(unordered).containsExactly(50, 100, 90);
        }
    }

    /** Case V7. */
    @Test
    void aFullPoolRefusesAndHasRoomAfterItsTasksWereCancelled() throws Exception {
        try (GreenPool pool = GreenPool.builder()
                .size(1)
                .queueCapacity(0)
                .whenFull(WhenFull.REJECT)
                .build()) {
            TaskFuture<?> endless = pool.submit(() -> EventLoop.sleepForever());
            assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
            while (pool.freeCount() > 0) {
                Thread.onSpinWait();
            }
            pool.cancelAll();
            assertThatThrownBy(endless::get).isInstanceOf(CancellationException.class);
            endless.gone().get();
            assertThat(pool.freeCount()).isEqualTo(1);
        }
    }

    /** A counter without lock; what is lost between a read and a write with no wait in between would be missing. */
    @Test
    void tasksShareWithoutLocks() throws Exception {
        int[] counter = {0};
        try (GreenPool pool = GreenPool.of(100)) {
            for (int i = 0; i < 500; i++) {
                pool.execute(() -> {
                    counter[0]++;
                    EventLoop.sleep(Duration.ZERO);
                    counter[0]++;
                });
            }
        }
        assertThat(counter[0]).isEqualTo(1000);
    }
}
