package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.Catalogue;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Chapter;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Paper.Colours;
import dev.procession.lab.picture.Paper.Script;
import dev.procession.lab.picture.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line, with experiments that come out as the test wants. */
class CommandsTest {
    private static final Terminal PIPE = new Terminal(false, false, new Paper(80, Script.UNICODE, Colours.OFF));
    private static final Terminal SCREEN = new Terminal(true, true, new Paper(80, Script.UNICODE, Colours.ON));
    private static final Knob<Integer> SIZE = Knob.count("size", 7, 1, 9, "how large");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Path> folders = new ArrayList<>();

    /** What a run does. */
    private interface Play {
        Outcome run(Knobs knobs, Bench bench);
    }

    private Experiment experiment(Play play) {
        return new Experiment() {
            @Override
            public String id() {
                return "fake";
            }

            @Override
            public String title() {
                return "comes out as it is told";
            }

            @Override
            public String section() {
                return "0.0";
            }

            @Override
            public List<Knob<?>> knobs() {
                return List.of(SIZE);
            }

            @Override
            public Outcome run(Knobs knobs, Bench bench) {
                folders.add(bench.folder());
                return play.run(knobs, bench);
            }
        };
    }

    private static Outcome outcome(Verdict verdict) {
        Figures figures = Figures.none().with("sold", 5, "tickets sold").withUnprinted("names", List.of("孟良", "egon"));
        return Outcome.of(verdict, "because", figures).with("A tree", Tree.of("lab", Tree.of("child")));
    }

    private int execute(Terminal terminal, Play play, String... arguments) {
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            return new Commands(
                            outStream, errStream, terminal, List.of(new Chapter("Fakes", List.of(experiment(play)))))
                    .execute(arguments);
        }
    }

    private int executeShown(String... arguments) {
        return execute(PIPE, (_, _) -> outcome(Verdict.SHOWN), arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"SHOWN, 0", "NOT_SHOWN, 1", "BROKEN, 2"})
    void theVerdictIsTheExitCodeAndTheLastLine(Verdict verdict, int exitCode) {
        assertThat(execute(PIPE, (_, _) -> outcome(verdict), "lab", "run", "fake"))
                .isEqualTo(exitCode);
        assertThat(out().lines().toList().getLast()).startsWith(verdict.words() + ": because (");
        assertThat(err()).isEmpty();
    }

    @Test
    void peopleGetHeadPicturesFiguresAndVerdict() {
        executeShown("lab", "run", "fake");

        assertThat(out().replaceAll("\\d+ ms", "N ms")).isEqualTo("""
                        fake: comes out as it is told (course 0.0)

                        A tree
                         lab
                         └─ child

                         sold  5  tickets sold

                        SHOWN: because (N ms)
                        """);
    }

    @Test
    void machinesGetOneLineOfJsonInUtf8AndNothingElse() {
        assertThat(executeShown("lab", "run", "fake", "--json", "--size", "3")).isZero();

        assertThat(out().lines()).hasSize(1);
        JsonNode json = new JsonMapper().readTree(out());
        assertThat(json.propertyNames())
                .containsExactly("id", "verdict", "reason", "sold", "names", "knobs", "tookMillis");
        assertThat(json.get("id").asString()).isEqualTo("fake");
        assertThat(json.get("verdict").asString()).isEqualTo("SHOWN");
        assertThat(json.get("sold").asInt()).isEqualTo(5);
        assertThat(json.get("names").get(0).asString()).isEqualTo("孟良");
        assertThat(json.get("knobs").get("size").asString()).isEqualTo("3");
        assertThat(err()).isEmpty();
    }

    @Test
    void jsonIsUtf8WhateverTheStreamsCharset() {
        PrintStream ascii = new PrintStream(out, true, StandardCharsets.US_ASCII);
        new Commands(
                        ascii,
                        ascii,
                        PIPE,
                        List.of(new Chapter("Fakes", List.of(experiment((_, _) -> outcome(Verdict.SHOWN))))))
                .execute("lab", "run", "fake", "--json");

        assertThat(out()).contains("孟良");
    }

    @Test
    void aBrokenRunTellsItsReasonInJsonAndTheRemoteStackOnStandardError() {
        Play play = (_, _) -> {
            throw new BrokenRunException("buyer-3 failed", new IllegalStateException("over there"));
        };

        assertThat(execute(PIPE, play, "lab", "run", "fake", "--json")).isEqualTo(2);
        assertThat(new JsonMapper().readTree(out()).get("verdict").asString()).isEqualTo("BROKEN");
        assertThat(new JsonMapper().readTree(out()).get("reason").asString()).isEqualTo("buyer-3 failed");
        assertThat(err())
                .contains("java.lang.IllegalStateException: over there")
                .contains("\tat ");
    }

    @Test
    void aFullDiskBreaksTheRun() {
        Play play = (_, _) -> {
            throw new UncheckedIOException(new IOException("No space left on device"));
        };

        assertThat(execute(PIPE, play, "lab", "run", "fake")).isEqualTo(2);
        assertThat(out()).contains("BROKEN: the system refused:").contains("No space left on device");
    }

    @Test
    void anInternalErrorTakesOneLineAndSaysHowToSeeMore() {
        Play play = (_, _) -> {
            throw new IllegalStateException("two\nlines");
        };

        assertThat(execute(PIPE, play, "lab", "run", "fake", "--json")).isEqualTo(70);
        assertThat(out()).isEmpty();
        assertThat(err())
                .isEqualTo("procession: internal error: java.lang.IllegalStateException: two lines"
                        + " (add --stack to see where; please report it)\n");
    }

    @Test
    void theStackIsShownOnRequest() {
        Play play = (_, _) -> {
            throw new IllegalStateException("boom");
        };

        assertThat(execute(PIPE, play, "lab", "run", "fake", "--stack")).isEqualTo(70);
        assertThat(err()).contains("\tat dev.procession.lab.cli.CommandsTest");
    }

    @Test
    void whatAnExperimentRefusesIsAUsageError() {
        Play play = (_, _) -> {
            throw new UsageException("x.json: no such file");
        };

        assertThat(execute(PIPE, play, "lab", "run", "fake")).isEqualTo(64);
        assertThat(err()).isEqualTo("procession: x.json: no such file\n");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lba                       | procession: unknown command lba. Did you mean lab? (see: procession --help)
                    lab lits                  | procession: unknown command lits. Did you mean list? (see: procession lab --help)
                    lab run faek              | procession: unknown experiment faek. Did you mean fake? (see: procession lab run --help)
                    lab run nothing-like-it   | procession: unknown experiment nothing-like-it (see: procession lab run --help)
                    lab run fake --siez 3     | procession: unknown option --siez. Did you mean --size? (see: procession lab run fake --help)
                    lab run fake --size       | procession: Missing required parameter for option '--size' (N) (see: procession lab run fake --help)
                    lab run fake --size ten   | procession: --size=ten: expected a whole number from 1 to 9 (default: 7)
                    lab run fake --size -1    | procession: --size=-1: expected a whole number from 1 to 9 (default: 7)
                    lab run fake more         | procession: unexpected argument more (see: procession lab run fake --help)
                    lab run fake --size 1 --size 2 | procession: option '--size' (N) should be specified only once (see: procession lab run fake --help)
                    lab list --jsno           | procession: unknown option --jsno. Did you mean --json? (see: procession lab list --help)
                    run nowhere.java          | procession: nowhere.java: no such file; expected the source of a Java program
                    """)
    void aUsageErrorTakesOneLineAndExitCode64(String arguments, String line) {
        assertThat(executeShown(arguments.split(" "))).isEqualTo(64);
        assertThat(err()).isEqualTo(line + "\n");
        assertThat(out()).isEmpty();
        assertThat(folders).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "lab", "lab run"})
    void aCommandThatIsNotToldWhatToDoShowsItsHelpAndRefuses(String arguments) {
        assertThat(executeShown(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
                .isEqualTo(64);
        assertThat(err()).startsWith("Usage: procession");
        assertThat(out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--help", "lab --help", "lab list --help", "lab run --help", "lab run fake --help", "run --help"})
    void helpThatWasAskedForGoesToStandardOutput(String arguments) {
        assertThat(executeShown(arguments.split(" "))).isZero();
        assertThat(out()).startsWith("Usage: procession");
        assertThat(err()).isEmpty();
    }

    @Test
    void anExperimentsHelpTellsItsKnobs() {
        executeShown("lab", "run", "fake", "--help");

        assertThat(out())
                .containsSubsequence("--size=N", "how large: a whole number from 1 to 9", "(default: 7)", "--json");
    }

    @Test
    void theListNamesEachExperimentOnALineOfItsOwnThatFitsATerminal() {
        Commands commands = new Commands(
                new PrintStream(out, true, StandardCharsets.UTF_8), System.err, PIPE, Catalogue.chapters());

        assertThat(commands.execute("lab", "list")).isZero();
        assertThat(out().lines())
                .hasSize(1 + Catalogue.chapters().size() + Catalogue.all().size())
                .allMatch(line -> line.length() <= 80);
        assertThat(out()).containsSubsequence("What processes share\n", " ticket-lock ", "§ 3.11");
    }

    @Test
    void theListAsJsonIsOneObject() {
        executeShown("lab", "list", "--json");

        assertThat(out())
                .isEqualTo("{\"experiments\":[{\"id\":\"fake\",\"title\":\"comes out as it is told\","
                        + "\"chapter\":\"Fakes\",\"section\":\"0.0\",\"knobs\":[\"--size\"]}]}\n");
    }

    @Test
    void aPipeGetsNoEscapeCodesAndAScreenDoes() {
        Play withProgress = (_, bench) -> {
            try (Progress progress = bench.progress("steps", 2)) {
                progress.step();
            }
            return outcome(Verdict.SHOWN);
        };
        execute(PIPE, withProgress, "lab", "run", "fake");
        assertThat(out() + err()).doesNotContain("\u001b").doesNotContain("\r");

        execute(SCREEN, withProgress, "lab", "run", "fake");
        assertThat(out()).contains("\u001b[32mSHOWN\u001b[0m");
        assertThat(err()).as("the bar is wiped at the end").endsWith("\r\u001b[K");
    }

    @Test
    void theRunsFolderIsThereDuringTheRunAndGoneAfterIt() {
        List<Boolean> was = new ArrayList<>();
        execute(
                PIPE,
                (_, bench) -> {
                    was.add(Files.isDirectory(bench.folder()));
                    return outcome(Verdict.SHOWN);
                },
                "lab",
                "run",
                "fake");

        assertThat(was).containsExactly(true);
        assertThat(folders.getFirst()).doesNotExist();
    }

    @Test
    void everyExperimentOfTheCatalogueHasAnIdOfItsOwnAndATitleThatFits() {
        assertThat(Catalogue.all()).extracting(Experiment::id).doesNotHaveDuplicates();
        assertThat(Catalogue.all())
                .allSatisfy(each -> assertThat(each.title().length()).isLessThanOrEqualTo(46));
    }

    @Test
    void theClassPathIsPrintedAlone() {
        executeShown("classpath");

        assertThat(out()).isEqualTo(System.getProperty("java.class.path") + "\n");
    }
}
