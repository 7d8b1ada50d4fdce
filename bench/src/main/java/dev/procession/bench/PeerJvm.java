package dev.procession.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that plays a part in a peer's work: same class path, the flags that Agrona and Aeron ask for. */
final class PeerJvm implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;
    private static final List<String> FLAGS = List.of(
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED");

    /** What most peers have. */
    static final String USUAL_HEAP = "256m";

    private final Process process;
    private final BufferedReader lines;

    private PeerJvm(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts {@code main} with arguments. */
    static PeerJvm start(Class<?> main, String... arguments) throws IOException {
        return startIn(USUAL_HEAP, main, arguments);
    }

    /** Starts it with that much heap. */
    static PeerJvm startIn(String heap, Class<?> main, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.add("-Xmx" + heap);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new PeerJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until it prints a line that says this. */
    void awaitLine(String expected) throws IOException {
        String line = lines.readLine();
        if (!expected.equals(line)) {
            throw new IOException("a peer's JVM failed: expected=" + expected + ", said=" + line);
        }
    }

    /** Sends it a line. */
    void say(String line) throws IOException {
        var out = process.outputWriter(StandardCharsets.UTF_8);
        out.write(line + "\n");
        out.flush();
    }

    /** The last line it prints, once it has ended well. */
    String result() throws IOException, InterruptedException {
        String last = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            last = line;
        }
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("a peer's JVM failed: command="
                    + process.info().commandLine().orElse("?") + ", output=" + last);
        }
        return last;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
