package dev.procession.lab.cpu;

import dev.procession.lab.experiment.BrokenRunException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Stops processes and lets them go on, by SIGSTOP and SIGCONT. For one thread.
 *
 * <p>One shell for all signals, whose own {@code kill} sends them: a program started for each would take longer than a
 * quantum. It ends with its standard input, also if this JVM is killed.
 */
final class Signaller implements AutoCloseable {
    private static final int GOODBYE_SECONDS = 10;

    private final Process shell;
    private final Writer to;
    private final BufferedReader from;

    private Signaller(Process shell) {
        this.shell = shell;
        this.to = shell.outputWriter(StandardCharsets.US_ASCII);
        this.from = shell.inputReader(StandardCharsets.US_ASCII);
    }

    /**
     * Starts the shell.
     *
     * @throws UncheckedIOException if it cannot be started
     */
    static Signaller open() {
        try {
            return new Signaller(
                    new ProcessBuilder("/bin/sh").redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start /bin/sh, which sends the signals", e);
        }
    }

    /** Stops a process: when this returns, the signal has been sent. */
    void stop(long pid) {
        send("STOP", pid);
    }

    /** Lets it go on. */
    void resume(long pid) {
        send("CONT", pid);
    }

    private void send(String signal, long pid) {
        try {
            to.write("kill -" + signal + " " + pid + " && echo sent || echo refused\n");
            to.flush();
            String answer = from.readLine();
            if (!"sent".equals(answer)) {
                throw new BrokenRunException("could not send SIG" + signal + " to pid " + pid + ": " + answer, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            to.close();
            boolean interrupted = Thread.interrupted();
            if (!shell.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                shell.destroyForcibly();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } catch (IOException e) {
            shell.destroyForcibly(); // It is gone already.
        } catch (InterruptedException e) {
            shell.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
