package dev.procession.process;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream of a child's output goes.
 *
 * <table>
 * <caption>The kinds</caption>
 * <tr><th>kind</th><th>whole lines</th><th>order with the parent's own output</th><th>cost in the parent</th></tr>
 * <tr><td>{@link #prefixed}</td><td>yes</td><td>line by line</td><td>a thread</td></tr>
 * <tr><td>{@link #shared}</td><td>as the child writes</td><td>as the system has it</td><td>none</td></tr>
 * <tr><td>{@link #captured}</td><td>kept as written</td><td>not printed</td><td>a thread, all the bytes</td></tr>
 * <tr><td>{@link #lines}</td><td>yes</td><td>up to the consumer</td><td>a thread</td></tr>
 * <tr><td>{@link #discarded}</td><td>no</td><td>not printed</td><td>none</td></tr>
 * </table>
 *
 * <p>A <i>line</i> ends at a line feed, which is not part of it; what the child leaves unended when it ends or is killed
 * is a last line. A line over 1 MiB is passed on in pieces. Bytes are never changed, so colours stay. Nothing a child
 * wrote before its death is lost; {@link ChildProcess#join} returns after all of it has gone where it goes.
 *
 * <p>Immutable.
 */
public final class Output {
    private static final Output PREFIXED = new Output(Kind.PREFIXED, null);
    private static final Output SHARED = new Output(Kind.SHARED, null);
    private static final Output CAPTURED = new Output(Kind.CAPTURED, null);
    private static final Output DISCARDED = new Output(Kind.DISCARDED, null);

    enum Kind {
        PREFIXED,
        SHARED,
        CAPTURED,
        LINES,
        DISCARDED
    }

    private final Kind kind;
    private final @Nullable Consumer<String> consumer;

    private Output(Kind kind, @Nullable Consumer<String> consumer) {
        this.kind = kind;
        this.consumer = consumer;
    }

    /**
     * Each line goes to the parent's stream of the same name ({@link System#out}, {@link System#err}, as set at that
     * moment), behind the child's name: {@code [Process-1] a line}. The default.
     *
     * @return the kind
     */
    public static Output prefixed() {
        return PREFIXED;
    }

    /**
     * The child writes to the parent's own standard output or error, past {@link System#setOut}.
     *
     * @return the kind
     */
    public static Output shared() {
        return SHARED;
    }

    /**
     * All of it is kept for {@link ChildProcess#stdout} and {@link ChildProcess#stderr}. Unbounded: meant for children
     * that write little.
     *
     * @return the kind
     */
    public static Output captured() {
        return CAPTURED;
    }

    /**
     * Each line is given to a consumer, on a thread of this stream alone, in order. While it works the child may come to
     * wait, once a pipe of some 64 KiB is full. What it throws is logged and the next line goes on.
     *
     * @param consumer takes a line, without its line feed
     * @return the kind
     */
    public static Output lines(Consumer<String> consumer) {
        return new Output(Kind.LINES, Objects.requireNonNull(consumer, "consumer"));
    }

    /**
     * Nobody reads it.
     *
     * @return the kind
     */
    public static Output discarded() {
        return DISCARDED;
    }

    Kind kind() {
        return kind;
    }

    /** The consumer of {@link Kind#LINES}. */
    Consumer<String> consumer() {
        return Objects.requireNonNull(consumer, "consumer");
    }
}
