package dev.procession.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How batches grow with what they are seen to take. */
class ChunkSizingTest {
    /** The sizes of batches for {@code inputs} that each take {@code nanos}, one after the other. */
    private static List<Integer> sizes(int inputs, long nanos, int parallelism) {
        ChunkSizing sizing = ChunkSizing.measured(parallelism);
        List<Integer> sizes = new ArrayList<>();
        int left = inputs;
        while (left > 0) {
            int size = sizing.next(left);
            sizes.add(size);
            left -= size;
            sizing.measured(size, size * nanos);
        }
        return sizes;
    }

    @Test
    void batchesOfTinyTasksGrowFast() {
        List<Integer> sizes = sizes(20_000, 50, 2);
        assertThat(sizes.subList(0, 4)).containsExactly(1, 8, 64, 512);
        assertThat(sizes).hasSizeLessThan(60);
        assertThat(sizes).allSatisfy(size -> assertThat(size).isPositive());
    }

    @Test
    void aBatchTakesAboutTwoMilliseconds() {
        assertThat(sizes(100_000, 10_000, 2)).element(10).isEqualTo(200);
    }

    @Test
    void longTasksTravelAlone() {
        assertThat(sizes(10, 5_000_000, 2)).containsOnly(1).hasSize(10);
    }

    @Test
    void theLastOnesAreShared() {
        assertThat(sizes(1_000, 1, 4).getLast()).isEqualTo(1);
    }

    @Test
    void aFixedSizeIsKept() {
        ChunkSizing fixed = ChunkSizing.fixed(20);
        assertThat(fixed.next(100)).isEqualTo(20);
        fixed.measured(20, 1);
        assertThat(fixed.next(80)).isEqualTo(20);
        assertThat(fixed.next(7)).isEqualTo(7);
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkSizing.fixed(0));
    }
}
