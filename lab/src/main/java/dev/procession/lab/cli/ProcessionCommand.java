package dev.procession.lab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top of the tree: without a command it shows the help and refuses. */
@Command(
        name = "procession",
        mixinStandardHelpOptions = true,
        version = "procession 0.1.0-SNAPSHOT",
        description = "Python's whole concurrency toolbox for the JVM, and a lab that shows each part at work.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Start with: ./procession lab run ticket-lock"})
final class ProcessionCommand implements Callable<Integer> {
    @Option(names = "--stack", scope = ScopeType.INHERIT, description = "Show the whole stack of an internal error.")
    boolean stack;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Usage.show(spec);
    }
}
