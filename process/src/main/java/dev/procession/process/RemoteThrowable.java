package dev.procession.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for an exception of another JVM that cannot be rebuilt here: its class is missing, or it is not
 * serializable. It has the other's class name, message, stack, causes and suppressed exceptions.
 *
 * <p>Source: CPython's {@code _RemoteTraceback}.
 */
public final class RemoteThrowable extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MAX_DEPTH = 50;

    /** The name of the original's class. */
    private final String className;

    private RemoteThrowable(String className, @Nullable String message) {
        super(message);
        this.className = className;
    }

    /**
     * Describes an exception, so that JVMs without its class can read of it.
     *
     * @param original the exception
     * @return its stand-in; those of its causes and suppressed exceptions are in it
     */
    public static RemoteThrowable of(Throwable original) {
        return of(original, 0);
    }

    private static RemoteThrowable of(Throwable original, int depth) {
        if (original instanceof RemoteThrowable already) {
            return already;
        }
        var standIn = new RemoteThrowable(original.getClass().getName(), messageOf(original));
        standIn.setStackTrace(original.getStackTrace());
        if (depth < MAX_DEPTH) {
            if (original.getCause() != null) {
                standIn.initCause(of(original.getCause(), depth + 1));
            }
            for (Throwable each : original.getSuppressed()) {
                standIn.addSuppressed(of(each, depth + 1));
            }
        }
        return standIn;
    }

    /**
     * The class of the original.
     *
     * @return its binary name
     */
    public String className() {
        return className;
    }

    /** As the original's default would be: class name and message. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message stays the original's own
    public String toString() {
        return getMessage() == null ? className : className + ": " + getMessage();
    }

    /** The original's stack is set by {@link #read}; one from here would mislead. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** Writes what {@link #read} needs to make a stand-in. */
    static void write(Throwable original, DataOutputStream out) throws IOException {
        write(original, out, 0);
    }

    private static void write(Throwable original, DataOutputStream out, int depth) throws IOException {
        writeText(original.getClass().getName(), out);
        String message = messageOf(original);
        out.writeBoolean(message != null);
        if (message != null) {
            writeText(message, out);
        }
        StackTraceElement[] stack = original.getStackTrace();
        out.writeInt(stack.length);
        for (StackTraceElement element : stack) {
            writeElement(element, out);
        }
        Throwable cause = depth < MAX_DEPTH ? original.getCause() : null;
        out.writeBoolean(cause != null);
        if (cause != null) {
            write(cause, out, depth + 1);
        }
        Throwable[] suppressed = depth < MAX_DEPTH ? original.getSuppressed() : new Throwable[0];
        out.writeInt(suppressed.length);
        for (Throwable each : suppressed) {
            write(each, out, depth + 1);
        }
    }

    /** An exception whose own methods fail must still be told. */
    private static @Nullable String messageOf(Throwable original) {
        try {
            return original.getMessage();
        } catch (RuntimeException e) {
            return "(getMessage failed: " + e.getClass().getName() + ")";
        }
    }

    static RemoteThrowable read(DataInputStream in) throws IOException {
        String className = readText(in);
        var standIn = new RemoteThrowable(className, in.readBoolean() ? readText(in) : null);
        var stack = new StackTraceElement[in.readInt()];
        for (int i = 0; i < stack.length; i++) {
            stack[i] = readElement(in);
        }
        standIn.setStackTrace(stack);
        if (in.readBoolean()) {
            standIn.initCause(read(in));
        }
        int suppressed = in.readInt();
        for (int i = 0; i < suppressed; i++) {
            standIn.addSuppressed(read(in));
        }
        return standIn;
    }

    private static void writeElement(StackTraceElement element, DataOutputStream out) throws IOException {
        writeOptional(element.getClassLoaderName(), out);
        writeOptional(element.getModuleName(), out);
        writeOptional(element.getModuleVersion(), out);
        out.writeUTF(element.getClassName());
        out.writeUTF(element.getMethodName());
        writeOptional(element.getFileName(), out);
        out.writeInt(element.getLineNumber());
    }

    private static StackTraceElement readElement(DataInputStream in) throws IOException {
        return new StackTraceElement(
                readOptional(in),
                readOptional(in),
                readOptional(in),
                in.readUTF(),
                in.readUTF(),
                readOptional(in),
                in.readInt());
    }

    private static void writeOptional(@Nullable String text, DataOutputStream out) throws IOException {
        out.writeUTF(text == null ? "" : text);
    }

    private static @Nullable String readOptional(DataInputStream in) throws IOException {
        String text = in.readUTF();
        return text.isEmpty() ? null : text;
    }

    /** Messages may be longer than {@code writeUTF} takes. */
    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), java.nio.charset.StandardCharsets.UTF_8);
    }
}
