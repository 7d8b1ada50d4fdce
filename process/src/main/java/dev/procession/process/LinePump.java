package dev.procession.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Carries one stream of a child's output to where it goes, in whole lines, until end of file: until every process that
 * can write to it has ended or closed it.
 */
final class LinePump implements Runnable {
    private static final System.Logger LOG = System.getLogger(LinePump.class.getPackageName());
    private static final int MAX_LINE_BYTES = 1 << 20;

    /** Longer than a thread that has just come out of a read takes to say so, but for the unluckiest. */
    private static final long DRY_NANOS = 2_000_000;

    /** Takes what was read. */
    interface Sink {
        /**
         * Takes bytes that end with a line feed, or the child's last words, which may not.
         *
         * @param bytes holds them; not to be kept
         * @param count how many, from the start
         */
        void lines(byte[] bytes, int count) throws IOException;
    }

    private final InputStream source;
    private final Sink sink;
    private byte[] pending = new byte[8192];
    private int count;

    /** Since when it waits for bytes, by {@link System#nanoTime}; null while it has some in hand. */
    private volatile @Nullable Long waitingSinceNanos;

    LinePump(InputStream source, Sink sink) {
        this.source = source;
        this.sink = sink;
    }

    /** Whether nothing has come for a while, though the sink was free to take it. */
    boolean isQuietFor(long nanos) {
        Long since = waitingSinceNanos;
        return since != null && System.nanoTime() - since >= nanos;
    }

    /** Whether there is nothing to be read, and has not been for a moment: what was read before has been passed on. */
    boolean isDry() {
        try {
            return isQuietFor(DRY_NANOS) && source.available() == 0;
        } catch (IOException _) {
            return true; // it is closed
        }
    }

    @Override
    public void run() {
        try (source) {
            int read;
            while ((read = read()) >= 0) {
                count += read;
                passOn(read);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a child's output ends early", e);
        } finally {
            if (count > 0) {
                give(count);
            }
        }
    }

    private int read() throws IOException {
        if (count == pending.length) {
            pending = Arrays.copyOf(pending, pending.length * 2);
        }
        waitingSinceNanos = System.nanoTime();
        try {
            return source.read(pending, count, pending.length - count);
        } finally {
            waitingSinceNanos = null;
        }
    }

    /** Passes on all whole lines, given that the last {@code read} bytes are new. */
    private void passOn(int read) {
        int end = count;
        while (end > count - read && pending[end - 1] != '\n') {
            end--;
        }
        if (end == count - read) {
            end = count >= MAX_LINE_BYTES ? count : 0;
        }
        if (end > 0) {
            give(end);
            System.arraycopy(pending, end, pending, 0, count - end);
            count -= end;
        }
    }

    /** A sink that fails must not stop the child by a full pipe. */
    private void give(int bytes) {
        try {
            sink.lines(pending, bytes);
        } catch (IOException | RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "a consumer of a child's output failed", e);
        }
    }
}
