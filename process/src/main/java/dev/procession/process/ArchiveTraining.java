package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.process.ArchiveFolder.Training;
import dev.procession.shm.SharedLock;
import dev.procession.shm.SharedQueue;
import dev.procession.shm.os.Priority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program of its own that makes one {@link TrainedArchive}: it runs a child that does what most children do, and has its
 * JVM write down what that took. Only one runs for an archive at a time; it runs when nothing else wants the processor,
 * and gives up after {@link #LIMIT}.
 *
 * <p>Whatever it is doing when it is killed: the archive counts only once it is whole, tried, and named by a rename.
 */
final class ArchiveTraining {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int SPARE_ROOM = 3;

    private ArchiveTraining() {}

    /**
     * Called by the JVM.
     *
     * @param arguments the folder, the key, and the options that shape the JVM
     */
    public static void main(String[] arguments) throws Exception {
        Priority.lowest();
        ArchiveFolder folder = ArchiveFolder.at(Path.of(arguments[0]));
        String key = arguments[1];
        List<String> shaping = Arrays.asList(arguments).subList(2, arguments.length);
        try (Training training = folder.begin(key)) {
            if (training == null || folder.find(key).isPresent()) {
                return;
            }
            Path archive = training.target();
            try {
                train(archive, shaping);
                trial(archive, shaping);
                training.publish(archive);
            } catch (IOException | ChildFailedException | RuntimeException e) {
                training.refuse(e.toString());
            }
        }
    }

    private static void train(Path archive, List<String> shaping) throws Exception {
        try (SharedLock lock = SharedLock.create();
                SharedQueue<Object> queue = SharedQueue.create(SPARE_ROOM)) {
            // A worker of a pool does all that a child does, and more.
            try (ProcessPool pool = ProcessPool.builder()
                    .size(1)
                    .withoutSpare()
                    .endTime(LIMIT)
                    .jvmOptions(with(shaping, "-XX:AOTCacheOutput=" + archive).toArray(String[]::new))
                    .stdout(_ -> {})
                    .stderr(_ -> {})
                    .build()) {
                pool.submit(() -> {
                            exercise(lock, queue);
                            return true;
                        })
                        .get();
            } // its JVM writes the archive as it ends
        }
        if (!Files.isRegularFile(archive)) {
            throw new IOException("the JVM made no archive: archive=" + archive.getFileName());
        }
    }

    /** What a child does, as often as not. */
    private static void exercise(SharedLock lock, SharedQueue<Object> queue) throws Exception {
        System.out.println("training " + Processes.current());
        lock.lock();
        try {
            queue.put(List.of("item", 1));
        } finally {
            lock.unlock();
        }
        queue.take();
        byte[] _ = Failure.encode(new IllegalStateException("training"));
    }

    /** The JVM must take the archive, and run with it. */
    private static void trial(Path archive, List<String> shaping) throws Exception {
        String expected = archive.toString();
        run(with(shaping, "-XX:AOTCache=" + archive), () -> {
            Path maps = Path.of("/proc/self/maps");
            if (Files.exists(maps) && !Files.readString(maps).contains(expected)) {
                throw new IOException("the JVM does not take the archive it made");
            }
        });
    }

    private static List<String> with(List<String> options, String one) {
        List<String> all = new ArrayList<>(options);
        all.add(one);
        return all;
    }

    private static void run(List<String> options, SerializableAction action) throws Exception {
        ChildProcess child = ChildProcess.builder()
                .jvmOptions(options.toArray(String[]::new))
                .stdout(Output.discarded())
                .stderr(Output.captured())
                .start(action);
        if (!child.join(LIMIT)) {
            child.kill();
            throw new IOException("took longer than " + LIMIT);
        }
        child.joinOrThrow();
    }
}
