package dev.procession.lab.cli;

import dev.procession.green.EngineRung;
import dev.procession.lab.doctor.Chart;
import dev.procession.lab.doctor.Diagnosis;
import dev.procession.lab.doctor.EngineChart;
import dev.procession.lab.doctor.Finding;
import dev.procession.lab.doctor.Severity;
import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.picture.Paper;
import dev.procession.shm.Examination;
import dev.procession.shm.NamedSpaces;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code doctor}: who holds what and who waits for whom in named spaces, and what is wrong. Changes nothing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Examines shared memory spaces (shm:NAME): members, locks with owners and waiters, queues, deadlocks.",
            "Changes nothing, and does not join them. With --engine: what carries coroutines in a JVM like this one.",
            "Exit code: 0 healthy, 1 something needs a look, 2 deadlock, 64 there is no such space."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration SECOND_LOOK = Duration.ofMillis(300);

    private final PrintStream out;
    private final Paper paper;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SPACE", description = "One space; without it all.")
    private @Nullable String name;

    @Option(names = "--json", description = "Print one line of JSON instead, for each look.")
    private boolean json;

    @Option(names = "--watch", description = "Look again and again, until interrupted.")
    private boolean watch;

    @Option(
            names = "--pause",
            defaultValue = "1",
            paramLabel = "SECONDS",
            description = "With --watch: the time between two looks (default: ${DEFAULT-VALUE}).")
    private double pauseSeconds;

    @Option(names = "--looks", paramLabel = "N", description = "With --watch: end after N looks.")
    private int looks = Integer.MAX_VALUE;

    @Option(
            names = "--patience",
            defaultValue = "10",
            paramLabel = "SECONDS",
            description = "A lock is held too long if somebody waits that long (default: ${DEFAULT-VALUE}).")
    private double patienceSeconds;

    @Option(names = "--dir", paramLabel = "FOLDER", description = "Look in another place than /dev/shm.")
    private @Nullable Path dir;

    @Option(names = "--engine", description = "Try the ways to carry coroutines instead, and tell which one is in use.")
    private boolean engine;

    DoctorCommand(PrintStream out, Paper paper) {
        this.out = out;
        this.paper = paper;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (engine) {
            return engine().exitCode();
        }
        Duration patience = seconds("--patience", patienceSeconds);
        Duration pause = seconds("--pause", pauseSeconds);
        Severity severity = look(patience);
        for (int look = 1; watch && look < looks; look++) {
            Thread.sleep(pause);
            severity = look(patience);
        }
        return severity.exitCode();
    }

    private Severity engine() {
        EngineChart chart = new EngineChart(ladder());
        if (json) {
            Json.print(out, chart.asMap());
        } else {
            chart.draw(paper).forEach(out::println);
        }
        return chart.severity();
    }

    private List<EngineRung> ladder() {
        if (name != null || watch) {
            throw new UsageException(
                    "--engine looks at no space, and once: leave out " + (name == null ? "--watch" : name));
        }
        try {
            return EngineRung.ladder();
        } catch (IllegalArgumentException unknown) {
            throw new UsageException(String.valueOf(unknown.getMessage()));
        }
    }

    private static Duration seconds(String option, double seconds) {
        if (!(seconds > 0 && seconds < Integer.MAX_VALUE)) {
            throw new UsageException(option + " must be a positive number of seconds: " + seconds);
        }
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private Severity look(Duration patience) throws InterruptedException {
        List<Examination> seen = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        NamedSpaces spaces = SpacesCommand.spacesIn(dir);
        for (String space : namesIn(spaces)) {
            try {
                Optional<Examination> examination = examine(spaces, space);
                examination.ifPresent(seen::add);
                examination.ifPresent(found -> findings.addAll(Diagnosis.of(found, patience)));
            } catch (IllegalStateException unreadable) {
                findings.add(new Finding(Finding.Kind.UNREADABLE, space, String.valueOf(unreadable.getMessage())));
            }
        }
        Chart chart = new Chart(seen, findings);
        if (json) {
            Json.print(out, chart.asMap());
        } else if (seen.isEmpty() && findings.isEmpty()) {
            out.println("no spaces in " + paper.legible(spaces.folder().toString()));
        } else {
            chart.draw(paper).forEach(out::println);
        }
        return Severity.ofWorst(findings);
    }

    /** Twice, if a process has just died: the others need a moment to clear it away. */
    private static Optional<Examination> examine(NamedSpaces spaces, String space) throws InterruptedException {
        Optional<Examination> seen = spaces.examine(space);
        if (seen.map(Diagnosis::hasDeadBesideLiving).orElse(false)) {
            Thread.sleep(SECOND_LOOK);
            return spaces.examine(space);
        }
        return seen;
    }

    private List<String> namesIn(NamedSpaces spaces) {
        List<String> all = RemoveSpaceCommand.refusable(spaces::list).stream()
                .map(NamedSpaces.Description::name)
                .toList();
        if (name == null) {
            return all;
        }
        String plain = name.startsWith("shm:") ? name.substring("shm:".length()) : name;
        if (!all.contains(plain)) {
            throw new UsageException(
                    "no space " + plain + " in " + spaces.folder() + Suggestion.didYouMean(plain, all));
        }
        return List.of(plain);
    }
}
