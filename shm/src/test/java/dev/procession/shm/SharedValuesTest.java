package dev.procession.shm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.core.codec.Codec;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;

@SuppressWarnings("LockNotBeforeTry") // the locks are what is tested
class SharedValuesTest {
    /** V02. */
    @Test
    void a_region_of_ints_is_changed_in_place_by_another_process() throws Exception {
        try (SharedRegion array = SharedRegion.of(680, 626, 934, 821, 150, 233, 548, 982, 714, 831)) {
            int[] expected = array.segment().toArray(JAVA_INT);
            assertThat(array.segment().asSlice(8, 12).toArray(JAVA_INT)).containsExactly(934, 821, 150);
            array.segment().asSlice(0, 8).copyFrom(MemorySegment.ofArray(new int[] {7, 8}));
            expected[0] = 7;
            expected[1] = 8;
            try (ChildJvm child = ChildJvm.start(() -> {
                for (int i = 1; i < 10; i++) {
                    int sum = array.segment().getAtIndex(JAVA_INT, i - 1)
                            + array.segment().getAtIndex(JAVA_INT, i);
                    array.segment().setAtIndex(JAVA_INT, i, sum);
                }
            })) {
                assertThat(child.join()).isZero();
            }
            for (int i = 1; i < 10; i++) {
                expected[i] += expected[i - 1];
            }
            assertThat(array.segment().toArray(JAVA_INT)).isEqualTo(expected);
        }
    }

    /** V03. */
    @Test
    void a_region_made_from_a_size_is_all_zeros_also_where_memory_is_reused() {
        for (int round = 0; round < 3; round++) {
            try (SharedRegion region = SharedRegion.create(10_000)) {
                assertThat(region.sizeBytes()).isEqualTo(10_000);
                assertThat(region.segment().toArray(JAVA_BYTE)).containsOnly(0);
                region.segment().fill((byte) 0xFF);
            }
        }
    }

    /** V05. */
    @Test
    void increments_under_the_values_own_lock_are_exact() throws Exception {
        try (SharedInt value = SharedInt.create(0)) {
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    children.add(ChildJvm.start(() -> {
                        for (int n = 0; n < 200; n++) {
                            value.lock().lock();
                            try {
                                value.setPlain(value.getPlain() + 1);
                            } finally {
                                value.lock().unlock();
                            }
                        }
                    }));
                }
                for (ChildJvm child : children) {
                    assertThat(child.join()).isZero();
                }
            } finally {
                for (ChildJvm child : children) {
                    child.close();
                }
            }
            assertThat(value.get()).isEqualTo(600);
        }
    }

    /** V06. */
    @Test
    void an_index_out_of_range_is_refused() {
        try (SharedRegion region = SharedRegion.of(1, 2, 3)) {
            assertThatThrownBy(() -> region.segment().getAtIndex(JAVA_INT, 3))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> region.segment().getAtIndex(JAVA_INT, -1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> SharedRegion.create(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_number_is_changed_by_atomic_steps() {
        try (SharedLong number = SharedLong.create(41);
                SharedInt small = SharedInt.create(-1)) {
            assertThat(number.incrementAndGet()).isEqualTo(42);
            assertThat(number.getAndAdd(8)).isEqualTo(42);
            assertThat(number.compareAndSet(1, 2)).isFalse();
            assertThat(number.compareAndSet(50, 5)).isTrue();
            assertThat(number.getAndSet(6)).isEqualTo(5);
            assertThat(number.updateAndGet(before -> before * 7)).isEqualTo(42);
            assertThat(number.getAndUpdate(before -> -before)).isEqualTo(42);
            assertThat(number.accumulateAndGet(2, Math::max)).isEqualTo(2);
            assertThat(number.decrementAndGet()).isEqualTo(1);
            assertThat(number).hasToString("1");
            small.setRelease(9);
            assertThat(small.getAcquire() + small.intValue()).isEqualTo(18);
        }
    }

    @Test
    void increments_of_several_processes_are_exact_without_a_lock() throws Exception {
        try (SharedLong number = SharedLong.create(0);
                ChildJvm child = ChildJvm.start(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        number.incrementAndGet();
                    }
                })) {
            for (int i = 0; i < 100_000; i++) {
                number.incrementAndGet();
            }
            assertThat(child.join()).isZero();
            assertThat(number.get()).isEqualTo(200_000);
        }
    }

    @Test
    void the_lock_of_a_value_travels_by_itself_and_ends_with_the_value() throws Exception {
        SharedLong number = SharedLong.create(0);
        Lock lock = number.lock();
        SharedCondition changed = number.lock().newCondition();
        assertThat(Codec.standard().decode(Codec.standard().encode(lock))).isSameAs(lock);
        try (ChildJvm child = ChildJvm.start(() -> {
            lock.lock();
            number.set(1);
            changed.signal();
            lock.unlock();
        })) {
            lock.lock();
            while (number.get() == 0) {
                changed.await();
            }
            lock.unlock();
            assertThat(child.join()).isZero();
        }
        assertThatThrownBy(number.lock()::close).isInstanceOf(UnsupportedOperationException.class);
        number.close();
        assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(number::get).isInstanceOf(IllegalStateException.class);
    }
}
