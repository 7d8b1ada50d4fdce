package dev.procession.process;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where the lines of a child go. */
final class Sinks {
    private static final System.Logger LOG = System.getLogger(Sinks.class.getPackageName());

    private Sinks() {}

    /** What {@link LinePump.Sink} gets, line by line: each without its line feed. */
    interface LineSink {
        void line(byte[] bytes, int from, int to);
    }

    static void split(byte[] bytes, int count, LineSink sink) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                sink.line(bytes, from, i);
                from = i + 1;
            }
        }
        if (from < count) {
            sink.line(bytes, from, count);
        }
    }

    /** Each line behind a prefix, each batch by one write: lines of other threads come before or after, never between. */
    static LinePump.Sink prefixed(String name, Supplier<PrintStream> target) {
        byte[] prefix = ("[" + name + "] ").getBytes(target.get().charset());
        return (bytes, count) -> {
            var batch = new ByteArrayOutputStream(count + 16 * prefix.length);
            split(bytes, count, (line, from, to) -> {
                batch.writeBytes(prefix);
                batch.write(line, from, to - from);
                batch.write('\n');
            });
            PrintStream stream = target.get();
            stream.write(batch.toByteArray(), 0, batch.size());
            stream.flush();
        };
    }

    static LinePump.Sink lines(Charset charset, Consumer<String> consumer) {
        return (bytes, count) ->
                split(bytes, count, (line, from, to) -> give(consumer, new String(line, from, to - from, charset)));
    }

    /** A line that a consumer fails on must not take the next ones with it. */
    private static void give(Consumer<String> consumer, String line) {
        try {
            consumer.accept(line);
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.WARNING, "a consumer of a child's output failed", e);
        }
    }

    /** All that came. */
    static final class Capture implements LinePump.Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Charset charset;

        Capture(Charset charset) {
            this.charset = charset;
        }

        @Override
        public void lines(byte[] source, int count) {
            bytes.write(source, 0, count);
        }

        String text() {
            return bytes.toString(charset);
        }
    }

    /** The last lines that came, on their way to another sink. */
    static final class Tail implements LinePump.Sink {
        private static final int MAX_LINES = 50;
        private static final int MAX_LINE_BYTES = 4096;

        private final LinePump.Sink next;
        private final Charset charset;
        private final Deque<String> last = new ArrayDeque<>();

        Tail(LinePump.Sink next, Charset charset) {
            this.next = next;
            this.charset = charset;
        }

        @Override
        public void lines(byte[] bytes, int count) throws java.io.IOException {
            split(bytes, count, this::keep);
            next.lines(bytes, count);
        }

        private synchronized void keep(byte[] bytes, int from, int to) {
            if (last.size() == MAX_LINES) {
                last.removeFirst();
            }
            last.addLast(new String(bytes, from, Math.min(to - from, MAX_LINE_BYTES), charset));
        }

        synchronized List<String> last() {
            return List.copyOf(last);
        }
    }
}
