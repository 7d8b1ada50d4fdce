package dev.procession.lab.sched;

import dev.procession.lab.experiment.UsageException;
import dev.procession.sched.Job;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The text with the jobs, from a file or standard input, as JSON or CSV: whichever it is shows in its first character.
 *
 * @param label what the text is called in messages
 * @param text the text
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, and compared by nobody.
record JobsInput(String label, byte[] text) {
    private static final String EXAMPLE = "expected {\"jobs\":[{\"name\":\"A\",\"arrival\":0,\"service\":3}]}"
            + " or lines like name,arrival,service[,priority]";
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /**
     * The jobs and the scale of their times.
     *
     * @param jobs the jobs
     * @param scale how long a tick of theirs is
     */
    record Workload(List<Job> jobs, TickScale scale) {}

    /**
     * Reads everything.
     *
     * @param path a file, or {@code -} for standard input
     * @throws UsageException if it cannot be read
     */
    static JobsInput read(String path, InputStream standardInput) {
        try {
            return path.equals("-")
                    ? new JobsInput("standard input", standardInput.readAllBytes())
                    : new JobsInput(path, Files.readAllBytes(Path.of(path)));
        } catch (NoSuchFileException e) {
            throw new UsageException(path + ": no such file; expected jobs in JSON or CSV, or - for standard input");
        } catch (AccessDeniedException e) {
            throw new UsageException(path + ": cannot be read: permission denied");
        } catch (IOException | InvalidPathException | OutOfMemoryError e) {
            throw new UsageException(path + ": cannot be read: " + JobDraft.printable(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Makes jobs of it, in a scale fine enough for all its times.
     *
     * @param atLeast a scale that is fine enough for the times of the command line
     * @param ioTime how long the I/Os of {@code ioEvery} take
     * @throws UsageException if a row is wrong, none is there or two jobs have one name
     */
    Workload jobs(TickScale atLeast, BigDecimal ioTime) {
        TickScale scale = atLeast;
        while (true) {
            try {
                return new Workload(jobsIn(scale, ioTime), scale);
            } catch (TickScale.TooCoarseException e) {
                scale = e.finer();
            }
        }
    }

    private List<Job> jobsIn(TickScale scale, BigDecimal ioTime) {
        int start = startsWithByteOrderMark() ? BYTE_ORDER_MARK.length : 0;
        int first = start;
        while (first < text.length && Character.isWhitespace(text[first])) {
            first++;
        }
        if (first == text.length) {
            throw new UsageException(label + ": no jobs; " + EXAMPLE);
        }
        byte[] plain = start == 0 ? text : Arrays.copyOfRange(text, start, text.length);
        boolean json = text[first] == '{' || text[first] == '[';
        var draft = new JobDraft(label, scale, ioTime);
        List<Job> jobs = json ? JsonJobs.read(label, plain, draft) : CsvJobs.read(plain, draft);
        if (jobs.isEmpty()) {
            throw new UsageException(label + ": no jobs; " + EXAMPLE);
        }
        return jobs;
    }

    private boolean startsWithByteOrderMark() {
        return text.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(text, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }
}
