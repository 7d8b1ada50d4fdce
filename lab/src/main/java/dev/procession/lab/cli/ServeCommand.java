package dev.procession.lab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve}: servers to try clients on. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs a TCP server.",
        synopsisSubcommandLabel = "SERVER")
final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Usage.show(spec);
    }
}
