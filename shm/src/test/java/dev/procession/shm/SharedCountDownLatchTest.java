package dev.procession.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedCountDownLatchTest {
    @Test
    void opens_at_zero_and_stays_open() throws Exception {
        try (SharedCountDownLatch latch = SharedCountDownLatch.create(2)) {
            assertThat(latch.await(10, TimeUnit.MILLISECONDS)).isFalse();
            latch.countDown();
            assertThat(latch.getCount()).isOne();
            assertThat(latch.await(0, TimeUnit.SECONDS)).isFalse();
            latch.countDown();
            latch.await();
            latch.countDown();
            assertThat(latch.getCount()).isZero();
        }
    }

    @Test
    void is_counted_down_by_processes_and_threads() throws Exception {
        try (SharedCountDownLatch latch = SharedCountDownLatch.create(3);
                SharedCountDownLatch back = SharedCountDownLatch.create(1);
                ChildJvm child = ChildJvm.start(() -> {
                    latch.countDown();
                    latch.await();
                    back.countDown();
                })) {
            Thread thread = Thread.startVirtualThread(latch::countDown);
            thread.join();
            assertThat(back.getCount()).isOne();
            latch.countDown();
            assertThat(back.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(child.join()).isZero();
        }
    }

    @Test
    void has_no_negative_count() {
        assertThatThrownBy(() -> SharedCountDownLatch.create(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
