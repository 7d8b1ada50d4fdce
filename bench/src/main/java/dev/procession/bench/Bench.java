package dev.procession.bench;

import java.io.Console;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./procession bench}: lists and runs the rows. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Procession beside its peers, in one run, alternating.",
        subcommands = {Bench.ListRows.class, Bench.Run.class})
public final class Bench implements Callable<Integer> {
    static final int NOT_REACHED = 1;
    static final int FAILED = 70;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** The program. */
    public static void main(String[] args) {
        System.exit(commandLine(Rows.all()).execute(args));
    }

    static CommandLine commandLine(List<Row> rows) {
        var line = new CommandLine(new Bench(), new RowsAtHand(rows));
        line.setExecutionExceptionHandler((problem, command, parsed) -> {
            command.getErr().println("procession bench: " + problem);
            return FAILED;
        });
        for (CommandLine command : List.of(
                line, line.getSubcommands().get("list"), line.getSubcommands().get("run"))) {
            command.getCommandSpec().exitCodeOnInvalidInput(64);
        }
        return line;
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: list or run");
    }

    /** Gives the subcommands their rows. */
    private record RowsAtHand(List<Row> rows) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == ListRows.class) {
                return type.cast(new ListRows(rows));
            }
            return type == Run.class
                    ? type.cast(new Run(rows))
                    : CommandLine.defaultFactory().create(type);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the rows.")
    static final class ListRows implements Callable<Integer> {
        private final List<Row> rows;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        ListRows(List<Row> rows) {
            this.rows = rows;
        }

        @Override
        public Integer call() {
            rows.forEach(
                    row -> spec.commandLine().getOut().printf("%-24s %s [%s]%n", row.name(), row.what(), row.unit()));
            return 0;
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Runs rows. Exit code 0 if every target was reached, 1 if one was not.")
    static final class Run implements Callable<Integer> {
        private final List<Row> rows;

        @Parameters(arity = "1..*", paramLabel = "NAME", description = "rows, or all")
        private List<String> names = List.of();

        @Option(names = "--json", description = "one JSON object a row on standard output, and nothing else")
        private boolean json;

        @Option(names = "--quick", description = "short rounds: do the rows still run?")
        private boolean quick;

        @Option(names = "--rounds", paramLabel = "N", description = "rounds of each contender (5; 3 with --quick)")
        private int rounds;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        Run(List<Row> rows) {
            this.rows = rows;
        }

        @Override
        public Integer call() throws Exception {
            boolean allReached = true;
            Effort effort = effort();
            for (Row row : chosen()) {
                Outcome outcome = new Race(row, effort, this::tell).run();
                spec.commandLine()
                        .getOut()
                        .println(json ? JsonMapper.shared().writeValueAsString(outcome.asJson()) : outcome.asText());
                spec.commandLine().getOut().flush();
                allReached &= outcome.reached();
            }
            return allReached ? 0 : NOT_REACHED;
        }

        private Effort effort() {
            Effort standard = quick ? Effort.QUICK : Effort.FULL;
            if (rounds < 0) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--rounds must be at least 1: rounds=" + rounds);
            }
            return rounds == 0 ? standard : standard.withRounds(rounds);
        }

        private List<Row> chosen() {
            if (names.equals(List.of("all"))) {
                return rows;
            }
            return names.stream().map(this::named).toList();
        }

        private Row named(String name) {
            return rows.stream()
                    .filter(row -> row.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(), "no such row: name=" + name + "; 'bench list' names them"));
        }

        private void tell(String progress) {
            if (onTerminal()) {
                System.err.print("\r\u001b[K" + progress + "\r");
            }
        }

        @SuppressWarnings("SystemConsoleNull") // it is null where jdk.console names a provider without one
        private static boolean onTerminal() {
            Console console = System.console();
            return console != null && console.isTerminal();
        }
    }
}
