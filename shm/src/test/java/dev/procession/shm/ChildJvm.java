package dev.procession.shm;

import dev.procession.core.SerializableAction;
import dev.procession.core.codec.Codec;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A real JVM that runs a lambda: what tests kill. Its lines on standard output come back one by one; standard error is
 * passed through.
 */
public final class ChildJvm implements AutoCloseable {
    private static final String END = "\u0000end";

    private final Process process;
    private final Thread reader;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    /** Starts a child of this JVM's family that runs the action and exits. */
    public static ChildJvm start(SerializableAction action, String... jvmOptions) {
        ProcessBuilder builder = prepared(action, jvmOptions);
        builder.environment().put(FamilySpace.VARIABLE, FamilySpace.handover());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return started(builder);
    }

    /** Starts a JVM that begins a family of its own; its standard error, and that of its children, is heard as well. */
    public static ChildJvm startStranger(SerializableAction action, String... jvmOptions) {
        ProcessBuilder builder = prepared(action, jvmOptions);
        builder.environment().remove(FamilySpace.VARIABLE);
        builder.redirectErrorStream(true);
        return started(builder);
    }

    /** Starts a child of this JVM's family that nobody listens to: it writes where this JVM does. */
    public static Process startUnheard(SerializableAction action) throws IOException {
        ProcessBuilder builder = prepared(action);
        builder.environment().put(FamilySpace.VARIABLE, FamilySpace.handover());
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder.start();
    }

    private static ChildJvm started(ProcessBuilder builder) {
        try {
            return new ChildJvm(builder.start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static ProcessBuilder prepared(SerializableAction action, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("procession.") || name.startsWith("dev.procession."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Xmx128m", "-Xshare:auto"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildJvm.class.getName()));
        command.add(HexFormat.of().formatHex(Codec.standard().encode(action))); // no file to leave behind
        return new ProcessBuilder(command).redirectInput(new File("/dev/null"));
    }

    public static void main(String[] args) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(args[0]);
        ((SerializableAction) java.util.Objects.requireNonNull(Codec.standard().decode(bytes))).run();
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException killed) {
            // its end is all there is to say
        } finally {
            lines.add(END);
        }
    }

    /** Called in a child: sends a line to the test. */
    public static void say(Object line) {
        System.out.println(line);
        System.out.flush();
    }

    /** The child's next line. */
    public String hear() throws InterruptedException {
        String line = lines.poll(30, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("the child said nothing for 30 s: pid=" + pid());
        }
        if (line.equals(END)) {
            lines.add(END);
            throw new AssertionError("the child ended: exit code=" + process.waitFor());
        }
        return line;
    }

    public long pid() {
        return process.pid();
    }

    /** Kills it by SIGKILL and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Kills it by SIGKILL and goes on at once. */
    public void killWithoutWaiting() {
        process.destroyForcibly();
    }

    /** Waits until it has ended by itself; the exit code. */
    public int join() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the child does not end: pid=" + pid());
        }
        return process.exitValue();
    }

    /** Nothing of the child is left: no process, no thread of ours. */
    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        kill();
        reader.join();
    }
}
