package dev.procession.lab.cli;

import dev.procession.lab.Catalogue;
import dev.procession.lab.stage.Scratch;
import java.nio.file.Path;

/** Where {@code ./procession} enters: one command line in, one exit code out. */
public final class Main {
    private Main() {}

    /**
     * Runs one command.
     *
     * <p>{@code lab} and the rest end this JVM with their exit code. {@code run FILE.java} returns, so that the reader's
     * program ends as any Java program does: when its last non-daemon thread has ended, or by what its main threw.
     *
     * @param arguments the command line
     * @throws Throwable what the reader's own main threw
     */
    public static void main(String[] arguments) throws Throwable {
        String classes = System.getProperty(Program.CLASSES_FOLDER);
        if (classes != null) {
            Scratch.deleteAtExit(Path.of(classes));
        }
        Commands commands =
                new Commands(System.out, System.err, Terminal.detect(System.getenv()), Catalogue.chapters());
        int exitCode = commands.execute(arguments);
        Program program = commands.program();
        if (program == null) {
            System.exit(exitCode);
        } else {
            program.run();
        }
    }
}
