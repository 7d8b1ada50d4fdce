package dev.procession.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.AssertionFailedError;

/**
 * Proves after each test that it left nothing behind: no child process, no non-daemon thread and none of Procession's
 * own, no pipe or socket, no file in a folder of Procession's.
 *
 * <p>What was there before the test does not count, so tests may share things that they make before all of them. What is
 * on its way out is given {@link #PATIENCE} to be gone. Leftovers fail the test that made them, and are listed.
 *
 * <p>Use: {@code @ExtendWith(NothingLeft.class)} on the class. Not for tests that run in parallel with others in one JVM.
 */
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    /** How long what a test ended may take to be gone. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** One per JVM that live as long as it does. */
    private static final Set<String> PERMANENT_THREADS =
            Set.of("procession-work-watch", "procession-keeper", "procession-demultiplexer");

    private static final String BEFORE = "before";
    private static final int POLL_MILLIS = 20;

    static {
        // The first channel opens a socket pair that the JDK keeps for good.
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (IOException | UnsupportedOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** For JUnit. */
    public NothingLeft() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        store(context).put(BEFORE, Inventory.take());
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        Inventory before = Objects.requireNonNull(store(context).remove(BEFORE, Inventory.class));
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        List<String> left = Inventory.take().without(before);
        while (!left.isEmpty() && System.nanoTime() - deadlineNanos < 0) {
            Thread.sleep(POLL_MILLIS);
            left = Inventory.take().without(before);
        }
        if (!left.isEmpty()) {
            throw new AssertionFailedError("left behind by this test:\n  " + String.join("\n  ", left));
        }
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(ExtensionContext.Namespace.create(NothingLeft.class, context.getUniqueId()));
    }

    /** What there is at one moment, each thing by a name that tells it from all others. */
    private record Inventory(Set<String> things) {
        static Inventory take() {
            Set<String> things = new HashSet<>();
            ProcessHandle.current()
                    .descendants()
                    .filter(ProcessHandle::isAlive)
                    .forEach(child -> things.add("process " + child.pid() + ": "
                            + child.info().commandLine().orElse("(ended)")));
            Thread.getAllStackTraces().forEach((thread, stack) -> {
                if (counts(thread)) {
                    things.add("thread " + thread.threadId() + ": " + thread.getName());
                }
            });
            things.addAll(descriptors());
            things.addAll(files());
            return new Inventory(things);
        }

        private static boolean counts(Thread thread) {
            return thread.isAlive()
                    && (!thread.isDaemon() || thread.getName().startsWith("procession-"))
                    && !PERMANENT_THREADS.contains(thread.getName())
                    && !thread.getName().startsWith("junit-");
        }

        private static Set<String> descriptors() {
            var open = new TreeMap<String, String>();
            for (Path descriptor : entries(Path.of("/proc/self/fd"), "*")) {
                try {
                    open.put(
                            descriptor.getFileName().toString(),
                            Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    open.remove(descriptor.getFileName().toString());
                }
            }
            Set<String> counted = new HashSet<>();
            open.forEach((number, target) -> {
                if (target.startsWith("pipe:") || target.startsWith("socket:")) {
                    counted.add("descriptor " + number + ": " + target);
                }
            });
            return counted;
        }

        /** Files that are named after this process, in the places where Procession keeps any. */
        private static Set<String> files() {
            Set<String> found = new HashSet<>();
            String own = "-" + ProcessHandle.current().pid() + "-";
            Stream.of("/dev/shm", System.getProperty("java.io.tmpdir"), System.getenv("XDG_RUNTIME_DIR"))
                    .filter(place -> place != null && Files.isDirectory(Path.of(place)))
                    .flatMap(place -> entries(Path.of(place), "procession-*").stream())
                    .filter(file -> file.getFileName().toString().contains(own))
                    .forEach(file -> found.add("file " + file));
            return found;
        }

        private static List<Path> entries(Path folder, String glob) {
            List<Path> entries = new ArrayList<>();
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, glob)) {
                    stream.forEach(entries::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return entries;
        }

        List<String> without(Inventory before) {
            return things.stream()
                    .filter(thing -> !before.things.contains(thing))
                    .sorted()
                    .toList();
        }
    }
}
