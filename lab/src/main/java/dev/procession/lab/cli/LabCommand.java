package dev.procession.lab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab}: the experiments. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = "Runs the examples of the course for real and says what happened.",
        synopsisSubcommandLabel = "COMMAND")
final class LabCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Usage.show(spec);
    }
}
