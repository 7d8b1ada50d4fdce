package dev.procession.bench;

import dev.procession.shm.SharedLong;
import java.util.List;

/** Values in shared memory. */
final class ValueRows {
    private static final int STRETCH = 1000;

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

    private static double increments(Effort effort) throws Exception {
        return Crew.play(effort, gate -> {
            try (SharedLong value = SharedLong.create(0)) {
                return gate.await().perSecond(() -> increment(value));
            }
        });
    }

    private static int increment(SharedLong value) {
        for (int i = 0; i < STRETCH; i++) {
            value.lock().lock();
            try {
                value.setPlain(value.getPlain() + 1);
            } finally {
                value.lock().unlock();
            }
        }
        return STRETCH;
    }
}
