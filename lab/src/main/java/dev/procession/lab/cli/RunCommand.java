package dev.procession.lab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab run}: each experiment is a command below it, with its knobs as options. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs one experiment. Exit code: 0 SHOWN, 1 NOT SHOWN, 2 BROKEN, 64 usage, 70 internal error.",
        synopsisSubcommandLabel = "ID [--knob value]...",
        commandListHeading = "Experiments:%n",
        footer = {"", "An experiment's knobs: ./procession lab run ID --help"})
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Usage.show(spec);
    }
}
