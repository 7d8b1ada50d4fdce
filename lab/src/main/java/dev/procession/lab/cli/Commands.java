package dev.procession.lab.cli;

import dev.procession.lab.experiment.Chapter;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.sched.SchedCommand;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The tree of commands: {@code lab list}, {@code lab run ID}, {@code run FILE.java}, {@code spaces rm NAME},
 * {@code doctor}, {@code serve upper}, {@code connect HOST:PORT}, {@code classpath}; {@code bench} is there to be
 * listed.
 *
 * <p>An error takes one line on standard error that begins with {@code procession:}.
 */
final class Commands {
    private static final int LEAST_HELP_COLUMNS = 60;

    private final CommandLine line;
    private final PrintStream err;
    private final ProcessionCommand top = new ProcessionCommand();
    private final ProgramCommand programCommand;

    Commands(PrintStream out, PrintStream err, Terminal terminal, List<Chapter> chapters) {
        this.err = err;
        this.programCommand = new ProgramCommand(err);
        CommandLine run = new CommandLine(new RunCommand());
        for (Chapter chapter : chapters) {
            for (Experiment experiment : chapter.experiments()) {
                run.addSubcommand(experiment.id(), new ExperimentCommand(experiment, out, err, terminal).spec());
            }
        }
        CommandLine lab = new CommandLine(new LabCommand())
                .addSubcommand(new ListCommand(out, terminal.paper(), chapters))
                .addSubcommand(run);
        line = new CommandLine(top)
                .addSubcommand(lab)
                .addSubcommand(new SchedCommand(out, err, System.in, terminal.paper()))
                .addSubcommand(new CommandLine(programCommand).setStopAtPositional(true))
                .addSubcommand(new CommandLine(new SpacesCommand(out, terminal.paper()))
                        .addSubcommand(new RemoveSpaceCommand(out, err)))
                .addSubcommand(new DoctorCommand(out, terminal.paper()))
                .addSubcommand(new CommandLine(new ServeCommand()).addSubcommand(new ServeUpperCommand(out, err)))
                .addSubcommand(new ConnectCommand(out, err, System.in, Dialogue.Manner.detect()))
                .addSubcommand(new ClassPathCommand(out))
                .addSubcommand(new BenchCommand());
        line.setExpandAtFiles(false)
                .setOut(new PrintWriter(out, true, out.charset()))
                .setErr(new PrintWriter(err, true, err.charset()))
                .setUsageHelpWidth(Math.max(terminal.paper().columns(), LEAST_HELP_COLUMNS))
                .setColorScheme(Help.defaultColorScheme(
                        terminal.paper().colours() == Paper.Colours.ON ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler((fault, _) -> refuse(sentence(fault)))
                .setExecutionExceptionHandler((fault, _, _) -> failed(fault));
    }

    /** Does what the arguments say and returns the exit code. */
    int execute(String... arguments) {
        return line.execute(arguments);
    }

    /** The reader's own program, if the arguments asked for one and it compiled; it has not started yet. */
    @Nullable
    Program program() {
        return programCommand.program();
    }

    private int refuse(String sentence) {
        err.println("procession: " + sentence);
        return ExitCode.USAGE;
    }

    private int failed(Exception fault) {
        if (fault instanceof UsageException usage) {
            return refuse(String.valueOf(usage.getMessage()));
        }
        err.println("procession: internal error: " + oneLine(fault)
                + (top.stack ? "" : " (add --stack to see where; please report it)"));
        if (top.stack) {
            fault.printStackTrace(err);
        }
        return ExitCode.INTERNAL;
    }

    private static String oneLine(Exception fault) {
        return fault.toString().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String sentence(ParameterException fault) {
        CommandLine command = fault.getCommandLine();
        if (fault instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched.getUnmatched().getFirst(), command.getCommandSpec());
        }
        return String.valueOf(fault.getMessage()) + hint(command.getCommandSpec());
    }

    /** What to say of a word that means nothing where it stands. */
    private static String unknown(String word, CommandSpec where) {
        if (word.startsWith("-")) {
            return "unknown option " + word + Suggestion.didYouMean(word, optionsOf(where)) + hint(where);
        }
        if (where.subcommands().isEmpty()) {
            return "unexpected argument " + word + hint(where);
        }
        String kind = where.userObject() instanceof RunCommand ? "experiment " : "command ";
        return "unknown " + kind + word
                + Suggestion.didYouMean(word, where.subcommands().keySet()) + hint(where);
    }

    private static List<String> optionsOf(CommandSpec command) {
        List<String> names = new ArrayList<>();
        command.options().forEach(option -> names.add(option.longestName()));
        return names;
    }

    private static String hint(CommandSpec where) {
        return " (see: " + where.qualifiedName() + " --help)";
    }
}
