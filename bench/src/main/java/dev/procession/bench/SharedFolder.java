package dev.procession.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder in memory for the files of one measurement. */
final class SharedFolder {
    private SharedFolder() {}

    /** What is measured there. */
    @FunctionalInterface
    interface Work {
        double in(Path folder) throws Exception;
    }

    /** Measures in a new folder, and removes it with what is in it. */
    static double use(Work work) throws Exception {
        Path shm = Path.of("/dev/shm");
        Path folder = Files.isDirectory(shm)
                ? Files.createTempDirectory(shm, "procession-bench-")
                : Files.createTempDirectory("procession-bench-");
        try {
            return work.in(folder);
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
