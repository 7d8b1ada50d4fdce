package dev.procession.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that runs one of the test programs as a user's program would run, so that it can be watched, signalled and killed
 * from outside.
 */
final class ParentProgram implements AutoCloseable {
    final String mark = UUID.randomUUID().toString();
    final Process process;
    private final CompletableFuture<String> output;
    private final StringBuilder seen = new StringBuilder();

    private ParentProgram(ProcessBuilder builder) {
        builder.environment().put(Marked.VARIABLE, mark);
        builder.redirectErrorStream(true);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        output = CompletableFuture.supplyAsync(this::readAll, task -> new Thread(task, "parent-output").start());
    }

    static ParentProgram start(Class<?> main, List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("env", "--default-signal=INT")); // what a shell runs in the background ignores it
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ParentProgram(new ProcessBuilder(command));
    }

    static ParentProgram of(List<String> command) {
        return new ParentProgram(new ProcessBuilder(command));
    }

    private String readAll() {
        try (InputStream in = process.getInputStream()) {
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                synchronized (seen) {
                    seen.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException closed) {
            // The process ended.
        }
        return seen();
    }

    String seen() {
        synchronized (seen) {
            return seen.toString();
        }
    }

    void awaitOutput(String text) throws InterruptedException {
        Marked.poll(
                Duration.ofSeconds(30),
                () -> seen().contains(text),
                () -> "no \"" + text + "\" in the output: " + seen());
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end: " + seen());
        }
        return process.exitValue();
    }

    /** All it wrote, once it and all who inherited its output have ended. */
    String output() {
        return output.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        Marked.alive(mark).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
