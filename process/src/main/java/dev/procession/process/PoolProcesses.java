package dev.procession.process;

import dev.procession.process.pool.WorkerProcess;
import dev.procession.shm.os.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Makes the processes of a pool's workers: children like others, watched more closely. */
final class PoolProcesses implements WorkerProcess.Starter {
    /** Marks the environment of a worker, and so of all that its tasks start. */
    private static final String MARK = "PROCESSION_WORKER";

    /** A JVM that crashes says so on its standard output, past {@code System.out}, whose lines begin with a task's name. */
    private static final String CRASH_REPORT = "#";

    private static final int LAST_LINES = 50;
    private static final long PAGE_BYTES = 4096;

    private final String pool;
    private final Consumer<ChildProcess.Builder> choices;
    private final Consumer<String> stdout;
    private final Consumer<String> stderr;

    /**
     * How a pool's processes are made.
     *
     * @param pool its name
     * @param choices sets what the user chose
     * @param stdout takes the lines of their standard output
     * @param stderr takes those of their standard error
     */
    PoolProcesses(
            String pool, Consumer<ChildProcess.Builder> choices, Consumer<String> stdout, Consumer<String> stderr) {
        this.pool = pool;
        this.choices = choices;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    @Override
    public WorkerProcess start(int worker, String channelPath) {
        String name = pool + "-worker-" + worker;
        String mark = UUID.randomUUID().toString();
        var errors = new LastLines();
        ChildProcess.Builder builder = ChildProcess.builder()
                .worker()
                .name(name)
                .stdout(Output.lines(line -> {
                    if (line.startsWith(CRASH_REPORT)) {
                        errors.keep(line);
                    }
                    stdout.accept("[" + name + "] " + line);
                }))
                .stderr(Output.lines(line -> {
                    errors.keep(line);
                    stderr.accept("[" + name + "] " + line);
                }));
        choices.accept(builder);
        builder.environment(MARK, mark);
        return new Running(builder.start(new PoolWorker(channelPath, worker)), errors, MARK + "=" + mark);
    }

    /** The last lines that tell why a process died. */
    private static final class LastLines {
        private final Deque<String> lines = new ArrayDeque<>();

        synchronized void keep(String line) {
            if (lines.size() == LAST_LINES) {
                lines.removeFirst();
            }
            lines.addLast(line);
        }

        synchronized List<String> all() {
            return List.copyOf(lines);
        }
    }

    private static final class Running implements WorkerProcess {
        private final ChildProcess child;
        private final LastLines errors;
        private final long pid;
        private final ProcessTree tree;
        private final CompletableFuture<Integer> gone;

        Running(ChildProcess child, LastLines errors, String mark) {
            this.child = child;
            this.errors = errors;
            this.pid = child.pid();
            // A child that is gone already has no identity, nor a tree but for what bears its mark.
            ProcessIdentity identity = ProcessIdentity.of(pid);
            this.tree = new ProcessTree(identity == null ? new ProcessIdentity(pid, 0) : identity, mark);
            this.gone = child.gone().thenApply(ended -> ended.exitCode().orElse(0));
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public String name() {
            return child.name();
        }

        @Override
        public void killTree() {
            tree.kill();
        }

        @Override
        public OptionalInt decidedExitCode() {
            OptionalInt known = child.exitCode();
            return known.isPresent() ? known : decided();
        }

        /** Fields 3, 9 and 52 of the stat file: the kernel notes the code before it takes the memory down. */
        private OptionalInt decided() {
            try {
                String stat =
                        Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
                String[] fields =
                        stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
                boolean exiting = (Long.parseLong(fields[6]) & PF_EXITING) != 0;
                int status = Integer.parseInt(fields[49]);
                if (!exiting && status == 0) {
                    return OptionalInt.empty();
                }
                int signal = status & 0x7F;
                return OptionalInt.of(signal != 0 ? -signal : Spawner.exitCodeOf(status >> 8 & 0xFF));
            } catch (IOException | RuntimeException _) {
                return OptionalInt.empty(); // it was collected just now, or there is no such file here
            }
        }

        /** Flag of a task that runs no more of its program. */
        private static final long PF_EXITING = 0x4;

        @Override
        public boolean isOutputRead() {
            return gone.isDone() || child.isOutputRead();
        }

        @Override
        public List<String> lastErrors() {
            return errors.all();
        }

        @Override
        public long residentBytes() {
            try {
                String[] pages = Files.readString(
                                Path.of("/proc", Long.toString(pid), "statm"), StandardCharsets.ISO_8859_1)
                        .split(" ", -1);
                return Long.parseLong(pages[1]) * PAGE_BYTES;
            } catch (IOException | RuntimeException _) {
                return 0;
            }
        }

        @Override
        public CompletableFuture<Integer> gone() {
            return gone;
        }
    }
}
