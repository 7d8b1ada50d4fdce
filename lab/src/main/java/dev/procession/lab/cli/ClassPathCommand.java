package dev.procession.lab.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code classpath}: for {@code java -cp "$(./procession classpath)" ...}. */
@Command(
        name = "classpath",
        mixinStandardHelpOptions = true,
        description = "Prints the class path, to compile and run with elsewhere.")
final class ClassPathCommand implements Callable<Integer> {
    private final PrintStream out;

    ClassPathCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        out.println(System.getProperty("java.class.path"));
        return ExitCode.OK;
    }
}
