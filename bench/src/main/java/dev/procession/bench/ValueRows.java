package dev.procession.bench;

import dev.procession.shm.SharedLong;
import java.util.List;

/** Values in shared memory. */
final class ValueRows {
    private static final int INCREMENTS_PER_SECOND = 30_000_000;

    private ValueRows() {}

    static List<Row> all() {
        return List.of(new Row(
                "value-increment",
                "add one to a shared number under its lock",
                "increments/s",
                Better.HIGHER,
                Contender.of("SharedLong", ValueRows::increments),
                List.of(Script.python("mp.Value", "mp.py", "value-increment")),
                List.of(new Target.Against("mp.Value", 30))));
    }

    private static double increments(Effort effort) {
        int count = effort.count(INCREMENTS_PER_SECOND);
        try (SharedLong value = SharedLong.create(0)) {
            increment(value, count / 4);
            long start = System.nanoTime();
            increment(value, count);
            return count * 1e9 / (System.nanoTime() - start);
        }
    }

    private static void increment(SharedLong value, int count) {
        for (int i = 0; i < count; i++) {
            value.lock().lock();
            try {
                value.setPlain(value.getPlain() + 1);
            } finally {
                value.lock().unlock();
            }
        }
    }
}
