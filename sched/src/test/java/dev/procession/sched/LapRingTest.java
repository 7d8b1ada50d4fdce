package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LapRingTest {
    private record Place(int job, long lap) {}

    @Test
    void isAListThatFindsItsEarliestLap() {
        for (int seed = 0; seed < 20; seed++) {
            var random = new SplittableRandom(seed);
            var ring = new LapRing();
            var list = new ArrayList<Place>();
            for (int job = 0; job < 6_000; job++) {
                boolean shrinks = job > 3_000;
                if (!list.isEmpty() && random.nextInt(4) < (shrinks ? 3 : 1)) {
                    int index = random.nextInt(list.size());
                    assertThat(ring.remove(index)).isEqualTo(list.remove(index).job());
                } else {
                    int index = random.nextInt(list.size() + 1);
                    long lap = random.nextInt(200);
                    ring.insert(index, job, lap);
                    list.add(index, new Place(job, lap));
                }
                ensureSame(ring, list, random);
            }
        }
    }

    private static void ensureSame(LapRing ring, List<Place> list, SplittableRandom random) {
        assertThat(ring.size()).isEqualTo(list.size());
        if (list.isEmpty()) {
            return;
        }
        int index = random.nextInt(list.size());
        assertThat(ring.get(index)).isEqualTo(list.get(index).job());
        int first = 0;
        for (int i = 1; i < list.size(); i++) {
            first = list.get(i).lap() < list.get(first).lap() ? i : first;
        }
        ring.findFirstToLeave();
        assertThat(ring.foundIndex()).isEqualTo(first);
        assertThat(ring.foundLap()).isEqualTo(list.get(first).lap());
    }
}
