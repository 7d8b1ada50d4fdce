package dev.procession.lab.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.picture.Lanes.Sample;
import dev.procession.lab.room.Visit.Stay;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who was inside when, counted from what the visitors tell. */
class VisitTest {
    @Test
    void overlappingStaysAreCountedTogether() {
        Visit visit = new Visit(List.of(new Stay(0, 10, 30), new Stay(0, 20, 50), new Stay(0, 25, 26)), 0);

        assertThat(visit.mostInside()).isEqualTo(3);
        assertThat(visit.inside())
                .containsExactly(
                        new Sample(10, 1),
                        new Sample(20, 2),
                        new Sample(25, 3),
                        new Sample(26, 2),
                        new Sample(30, 1),
                        new Sample(50, 0));
    }

    @Test
    void whoEntersAsAnotherLeavesIsAlone() {
        assertThat(new Visit(List.of(new Stay(0, 10, 20), new Stay(0, 20, 30)), 0).mostInside())
                .isEqualTo(1);
    }

    @Test
    void whoPassesBeforeTheOpeningIsCounted() {
        assertThat(new Visit(List.of(new Stay(99, 110, 120), new Stay(100, 130, 140)), 100).early())
                .isEqualTo(1);
    }
}
