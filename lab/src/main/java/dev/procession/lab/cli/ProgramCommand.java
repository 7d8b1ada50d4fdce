package dev.procession.lab.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code run FILE.java}: compiles the reader's program; {@link Main} then runs it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Compiles and runs a program of one file, with the library at hand.",
            "What follows FILE.java goes to the program untouched. Its child JVMs find its classes."
        })
final class ProgramCommand implements Callable<Integer> {
    private final PrintStream err;
    private @Nullable Program program;

    @Parameters(index = "0", paramLabel = "FILE.java", description = "The program.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path file;

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "What its main is given.")
    private List<String> arguments = List.of();

    ProgramCommand(PrintStream err) {
        this.err = err;
    }

    @Override
    public Integer call() {
        program = Program.compile(file, arguments, err);
        return program == null ? ExitCode.PROGRAM_FAILED : ExitCode.OK;
    }

    @Nullable
    Program program() {
        return program;
    }
}
