package dev.procession.process.pool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker's standard output or error, in which each line that begins while a task runs bears that task's name. The line
 * is marked here and not by the reader, since it may be read when the next task runs. What native code prints goes past
 * this, and bears the worker's name alone.
 */
final class TaskOutput extends OutputStream {
    private final PrintStream target;
    private final Supplier<@Nullable RunningTask> current;

    /** Guarded by this. */
    private boolean inLine;

    private TaskOutput(PrintStream target, Supplier<@Nullable RunningTask> current) {
        this.target = target;
        this.current = current;
    }

    static PrintStream over(PrintStream target, Supplier<@Nullable RunningTask> current) {
        return new PrintStream(new TaskOutput(target, current), /* autoFlush= */ true, target.charset());
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** One write for all of it, so that other threads' lines come before or after. */
    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        RunningTask task = current.get();
        byte[] mark = task == null ? new byte[0] : ("[" + task.taskName() + "] ").getBytes(StandardCharsets.UTF_8);
        var marked = new ByteArrayOutputStream(length + 4 * mark.length);
        for (int i = offset; i < offset + length; i++) {
            if (!inLine) {
                marked.writeBytes(mark);
                inLine = true;
            }
            marked.write(bytes[i]);
            inLine = bytes[i] != '\n';
        }
        target.write(marked.toByteArray(), 0, marked.size());
    }

    @Override
    public void flush() {
        target.flush();
    }
}
