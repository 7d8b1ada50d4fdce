package dev.procession.lab.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The answer to a command that was not told what to do. */
final class Usage {
    private Usage() {}

    /** Shows the command's help on standard error and gives the exit code of a usage error. */
    static int show(CommandSpec command) {
        CommandLine line = command.commandLine();
        line.usage(line.getErr());
        return ExitCode.USAGE;
    }
}
