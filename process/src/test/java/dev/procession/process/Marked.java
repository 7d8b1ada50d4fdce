package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Processes that carry a mark in their environment, which all that descend from them inherit. */
final class Marked {
    static final String VARIABLE = "PROCESSION_TEST_MARK";

    private Marked() {}

    /** The processes that run and carry the mark; zombies do not. */
    static List<Long> alive(String mark) {
        byte[] wanted = (VARIABLE + "=" + mark).getBytes(StandardCharsets.UTF_8);
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (carries(process, wanted)) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return found;
    }

    /** A zombie's environment is empty. */
    private static boolean carries(Path process, byte[] wanted) {
        try {
            String environment =
                    new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
            return List.of(environment.split("\0")).contains(new String(wanted, StandardCharsets.ISO_8859_1));
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    /** The files in /dev/shm that processes with the mark have mapped. */
    static Set<Path> filesInMemory(String mark) throws IOException {
        Set<Path> files = new HashSet<>();
        for (long pid : alive(mark)) {
            Path maps = Path.of("/proc", Long.toString(pid), "maps");
            if (Files.exists(maps)) {
                Files.readAllLines(maps).stream()
                        .filter(line -> line.contains(" /dev/shm/") && !line.endsWith(" (deleted)"))
                        .forEach(line -> files.add(Path.of(line.substring(line.indexOf("/dev/shm/")))));
            }
        }
        return files;
    }

    static void awaitNone(String mark, Duration limit) throws InterruptedException {
        poll(limit, () -> alive(mark).isEmpty(), () -> "still alive: " + describe(mark));
    }

    static void awaitCount(String mark, int count, Duration limit) throws InterruptedException {
        poll(limit, () -> alive(mark).size() >= count, () -> "expected " + count + " processes: " + describe(mark));
    }

    private static String describe(String mark) {
        return alive(mark).stream()
                .map(pid -> pid + " "
                        + ProcessHandle.of(pid)
                                .flatMap(handle -> handle.info().commandLine())
                                .orElse("?"))
                .toList()
                .toString();
    }

    /** Waits until a condition holds, and fails with what is said if it does not in time. */
    static void poll(Duration limit, BooleanSupplier condition, Supplier<String> failure) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                assertThat(condition.getAsBoolean()).as(failure.get()).isTrue();
                return;
            }
            Thread.sleep(10);
        }
    }
}
