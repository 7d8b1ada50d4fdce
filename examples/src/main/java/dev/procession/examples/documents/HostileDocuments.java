package dev.procession.examples.documents;

import dev.procession.core.SerializableCallable;
import dev.procession.core.TaskDeadlineException;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import dev.procession.process.ProcessPool;
import dev.procession.process.WorkerDiedException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Reads a folder of documents in child JVMs: whatever a file does to its reader, every other file still gets its text. */
public final class HostileDocuments {
    private static final int MISUSE = 64;

    /** A worker that is stuck in native code heeds no interrupt, so it is not given long. */
    private static final Duration GRACE = Duration.ofMillis(200);

    private HostileDocuments() {}

    /** Makes text of a file. It travels to the workers. */
    @FunctionalInterface
    public interface Parser extends Serializable {
        /**
         * Reads a file.
         *
         * @param file its path
         * @return its text
         * @throws Exception if the file is none of the parser's
         */
        String parse(String file) throws Exception;
    }

    /**
     * Prints what became of each file of a folder.
     *
     * @param arguments the folder, and where the JVM is to leave its reports of crashes
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.println(
                    "HostileDocuments FOLDER REPORTS: the text of every PDF in FOLDER; crash files go to REPORTS");
        } else if (arguments.length != 2
                || !Files.isDirectory(Path.of(arguments[0]))
                || !Files.isDirectory(Path.of(arguments[1]))) {
            System.err.println("expected two folders: the one to read, and one for crash files (--help says more)");
            System.exit(MISUSE);
        } else {
            read(filesOf(Path.of(arguments[0])), PdfText::of, Limits.STANDARD, Path.of(arguments[1]))
                    .forEach((file, outcome) -> System.out.println(file.getFileName() + ": " + inOneLine(outcome)));
        }
    }

    /**
     * What there is in a folder.
     *
     * @param folder the folder
     * @return all that is no folder itself, by name
     * @throws IOException if it cannot be listed
     */
    public static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !Files.isDirectory(file)).sorted().toList();
        }
    }

    private static String inOneLine(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Text(String text) -> text.length() + " characters";
            case Outcome.Refused(Outcome.Reason reason, Throwable cause) ->
                reason + ", " + cause.toString().lines().findFirst().orElse("");
        };
    }

    /**
     * Reads files. Blocks until all have been read or refused.
     *
     * @param files the files
     * @param parser reads one, in a worker
     * @param limits what each may cost
     * @param reports an existing folder for what the JVM writes when it crashes
     * @return what became of each, in the order given
     * @throws InterruptedException if interrupted while waiting; the workers are ended first
     */
    public static Map<Path, Outcome> read(List<Path> files, Parser parser, Limits limits, Path reports)
            throws InterruptedException {
        try (ProcessPool pool = ProcessPool.builder()
                .name("documents")
                .size(limits.workers())
                .heap(limits.heapBytes())
                .retries(limits.retries())
                .grace(GRACE)
                .jvmOptions("-XX:ErrorFile=" + reports.resolve("crash-%p.log"), "-XX:-CreateCoredumpOnCrash")
                .build()) {
            Map<Path, TaskFuture<String>> futures = new LinkedHashMap<>();
            for (Path file : files) {
                String path = file.toAbsolutePath().toString();
                SerializableCallable<String> task = () -> parser.parse(path);
                futures.put(
                        file,
                        pool.submit(
                                task,
                                TaskOptions.defaults()
                                        .withName(String.valueOf(file.getFileName()))
                                        .withDeadline(limits.deadline())));
            }
            Map<Path, Outcome> outcomes = new LinkedHashMap<>();
            for (Map.Entry<Path, TaskFuture<String>> each : futures.entrySet()) {
                outcomes.put(each.getKey(), outcomeOf(each.getValue()));
            }
            return outcomes;
        }
    }

    private static Outcome outcomeOf(TaskFuture<String> future) throws InterruptedException {
        try {
            return new Outcome.Text(future.get());
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case TaskDeadlineException late -> new Outcome.Refused(Outcome.Reason.TOO_SLOW, late);
                case WorkerDiedException death -> new Outcome.Refused(Outcome.Reason.DEADLY, death);
                case null, default ->
                    new Outcome.Refused(Outcome.Reason.UNREADABLE, e.getCause() == null ? e : e.getCause());
            };
        }
    }
}
