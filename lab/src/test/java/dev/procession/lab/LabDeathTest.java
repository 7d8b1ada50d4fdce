package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab itself is killed by SIGKILL in the middle of a rush: no child and no shared memory stays behind. */
class LabDeathTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    @Test
    void nothingOfARushOutlivesTheLabsSigkill() throws Exception {
        Set<String> sharedBefore = sharedMemoryFiles();
        Process lab = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "lab",
                        "run",
                        "ticket-lock",
                        "--buyers",
                        "3",
                        "--buy-delay",
                        "600000")
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
        List<ProcessHandle> children = new ArrayList<>();
        try {
            Path tickets = awaitRush(lab);
            children.addAll(lab.descendants().toList());
            assertThat(children).hasSizeGreaterThanOrEqualTo(3);

            lab.destroyForcibly();

            assertThat(lab.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await(LIMIT, "all children to be gone", () -> children.stream().allMatch(LabDeathTest::isGone));
            assertThat(sharedMemoryFiles()).isSubsetOf(sharedBefore);
            assertThat(tickets).hasContent("{\"event\": \"rush\", \"count\": 5}");
        } finally {
            lab.descendants().forEach(ProcessHandle::destroyForcibly);
            children.forEach(ProcessHandle::destroyForcibly);
            lab.destroyForcibly();
        }
    }

    /** Waits until the children are there; the first of them then pays for ten minutes, holding the lock. */
    private Path awaitRush(Process lab) throws Exception {
        List<Path> files = new ArrayList<>();
        await(LONG, "three children and their file", () -> {
            files.clear();
            files.addAll(find("tickets.json"));
            return !lab.isAlive() || (files.size() == 1 && lab.children().count() >= 3);
        });
        assertThat(lab.isAlive())
                .as(Files.readString(temporary.resolve("output")))
                .isTrue();
        return files.getFirst();
    }

    private List<Path> find(String name) {
        try (Stream<Path> all = Files.walk(temporary)) {
            return all.filter(each -> each.endsWith(name)).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Gone, or a zombie that its new parent has not collected yet. */
    private static boolean isGone(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return !process.isAlive() || stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return true;
        }
    }

    private static Set<String> sharedMemoryFiles() throws IOException {
        Path folder = Path.of("/dev/shm");
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return new HashSet<>(all.map(Path::toString)
                    .filter(name -> name.contains("procession"))
                    .toList());
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Duration atMost, String what, Condition condition) throws Exception {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited %s for %s", atMost, what).isLessThan(deadlineNanos);
            Thread.sleep(10);
        }
    }
}
