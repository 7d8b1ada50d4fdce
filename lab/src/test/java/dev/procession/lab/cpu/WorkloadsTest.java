package dev.procession.lab.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is computed by hand, against which the simulator is held. */
class WorkloadsTest {
    @Test
    void meansByHand() {
        assertThat(Workloads.meanTurnaround(List.of(100, 10, 10))).isEqualTo(110);
        assertThat(Workloads.meanTurnaround(List.of(10, 10, 100))).isEqualTo(50);
        assertThat(Workloads.meanWait(List.of(3, 6, 7, 8))).isEqualTo(7);
    }

    @Test
    void everyOrderComesOnce() {
        assertThat(Workloads.permutations(List.of(1, 2, 3)))
                .hasSize(6)
                .doesNotHaveDuplicates()
                .allMatch(order -> order.stream().sorted().toList().equals(List.of(1, 2, 3)));
    }

    @Test
    void jobsHaveNamesAlsoBeyondTheAlphabet() {
        assertThat(List.of(Workloads.name(0), Workloads.name(25), Workloads.name(26)))
                .containsExactly("A", "Z", "A1");
    }
}
