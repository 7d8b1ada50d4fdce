package dev.procession.bench;

import dev.procession.core.Space;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Spaces with names. */
final class SpaceRows {
    private static final URI SPACE = URI.create("shm:bench");
    private static final int MOST_MILLIS = 1;

    private SpaceRows() {}

    static List<Row> all() {
        return List.of(new Row(
                "space-attach",
                "open a space that another process uses, in a JVM that has opened one before, median",
                "ms",
                Better.LOWER,
                Contender.of("Space.open", SpaceRows::attach),
                List.of(Script.python("mp.SharedMemory", "mp.py", "attach")),
                List.of(new Target.Absolute(MOST_MILLIS))));
    }

    private static double attach(Effort effort) throws Exception {
        return SharedFolder.use(folder -> {
            String dir = folder.toString();
            Crew.Part resident = gate -> {
                try (Space _ = open(dir)) {
                    Window window = gate.await();
                    while (!window.isOver()) {
                        Thread.sleep(10);
                    }
                }
                return 0;
            };
            Crew.Part guest = gate -> gate.await().medianNanos(() -> nanosToOpen(dir)) / 1e6;
            return Crew.play(effort, List.of(guest, resident)).getFirst();
        });
    }

    private static long nanosToOpen(String dir) {
        long start = System.nanoTime();
        try (Space _ = open(dir)) {
            return System.nanoTime() - start;
        }
    }

    private static Space open(String dir) {
        return Space.open(SPACE, Map.of("dir", dir));
    }
}
