package dev.procession.lab.cli;

import dev.procession.net.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a person, or a pipe, says to a server, and what comes back. Bytes go through as they are. */
final class Dialogue {
    private static final String PROMPT = ">>> ";
    private static final String QUIT = "q";
    private static final int PIECE_BYTES = 64 << 10;

    /** What the terminal sends. */
    private static final Charset TYPED = Charset.forName(System.getProperty("stdin.encoding", "UTF-8"));

    /** How long a prompt waits for an answer to the line before; a server need not answer each. */
    private static final long ANSWER_MILLIS = 500;

    private final Connection connection;
    private final InputStream in;
    private final PrintStream out;
    private final Semaphore heard = new Semaphore(0);

    Dialogue(Connection connection, InputStream in, PrintStream out) {
        this.connection = connection;
        this.in = in;
        this.out = out;
    }

    /** Whether a person types the input and reads the output. */
    enum Manner {
        TYPED,
        PIPED;

        /** That of this process. */
        static Manner detect() {
            return Terminal.isConsole() ? TYPED : PIPED;
        }
    }

    /**
     * Talks until one of both has done.
     *
     * @throws UncheckedIOException if the connection breaks
     * @throws IOException if the input cannot be read
     */
    void hold(Manner manner) throws IOException, InterruptedException {
        switch (manner) {
            case TYPED -> converse();
            case PIPED -> pipe();
        }
    }

    /** Says all of the input, then that nothing more comes, and prints what comes until the server has done. */
    private void pipe() throws IOException {
        CompletableFuture<Void> printed = print();
        byte[] piece = new byte[PIECE_BYTES];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            connection.write(piece, 0, read);
            connection.flush();
        }
        connection.shutdownOutput();
        join(printed);
    }

    /** Says line by line what a person types, until {@code q} or the end of the input. */
    private void converse() throws IOException, InterruptedException {
        out.println("connected; q quits");
        CompletableFuture<Void> printed = print();
        var lines = new BufferedReader(new InputStreamReader(in, TYPED));
        for (String line = ask(lines); line != null && !line.equals(QUIT); line = ask(lines)) {
            if (printed.isDone()) {
                join(printed);
                out.println("the server has ended the connection");
                return;
            }
            heard.drainPermits();
            connection.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            connection.flush();
            boolean _ = heard.tryAcquire(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        }
        connection.close();
    }

    private @Nullable String ask(BufferedReader lines) throws IOException {
        out.print(PROMPT);
        out.flush();
        return lines.readLine();
    }

    /** In a thread of its own: prints what comes, as it comes. */
    private CompletableFuture<Void> print() {
        var printed = new CompletableFuture<Void>();
        Thread.ofVirtual().name("listener").start(() -> {
            try {
                for (byte[] piece = connection.read(PIECE_BYTES); piece != null; piece = connection.read(PIECE_BYTES)) {
                    out.write(piece, 0, piece.length);
                    out.flush();
                    heard.release();
                }
                printed.complete(null);
            } catch (RuntimeException | Error e) {
                printed.completeExceptionally(e);
            } finally {
                heard.release();
            }
        });
        return printed;
    }

    /** Waits until all that comes is printed; throws what ended it otherwise. */
    private static void join(CompletableFuture<Void> printed) {
        try {
            printed.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException broken ? broken : e;
        }
    }
}
