package dev.procession.lab.cli;

import dev.procession.green.EngineRung;
import dev.procession.lab.doctor.Chart;
import dev.procession.lab.doctor.Diagnosis;
import dev.procession.lab.doctor.EngineChart;
import dev.procession.lab.doctor.Finding;
import dev.procession.lab.doctor.Severity;
import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.picture.Paper;
import dev.procession.process.RunningPool;
import dev.procession.shm.Examination;
import dev.procession.shm.NamedSpaces;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code doctor}: who holds what and who waits for whom in spaces and pools, and what is wrong. Changes nothing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Examines what processes of yours share: named spaces (shm:NAME), the memory of families that run, and",
            "process pools. Shows members, locks with owners and waiters, queues, workers, deadlocks.",
            "Changes nothing, and joins nothing. With --engine: what carries coroutines in a JVM like this one.",
            "Exit code: 0 healthy, 1 something needs a look, 2 deadlock, 64 there is no such space."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration SECOND_LOOK = Duration.ofMillis(300);

    private final PrintStream out;
    private final Paper paper;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SPACE",
            description = "One named space, or the number of a process: what that one shares. Without it all.")
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

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            description = "Look at the named spaces in another place than /dev/shm, and at nothing else.")
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
        List<RunningPool> pools = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        NamedSpaces spaces = SpacesCommand.spacesIn(dir);
        OptionalLong process = process(spaces);
        for (String space : process.isPresent() ? List.<String>of() : namesIn(spaces)) {
            try {
                examine(spaces, space).ifPresent(seen::add);
            } catch (IllegalStateException unreadable) {
                findings.add(new Finding(Finding.Kind.UNREADABLE, space, String.valueOf(unreadable.getMessage())));
            }
        }
        if (process.isPresent() || (name == null && dir == null)) {
            seen.addAll(families(process));
            RunningPool.all().stream().filter(pool -> isOf(pool, process)).forEach(pools::add);
        }
        seen.forEach(space -> findings.addAll(Diagnosis.of(space, patience)));
        pools.forEach(pool -> findings.addAll(Diagnosis.of(pool)));
        Chart chart = new Chart(seen, pools, findings);
        if (json) {
            Json.print(out, chart.asMap());
        } else if (seen.isEmpty() && pools.isEmpty() && findings.isEmpty()) {
            out.println(
                    process.isPresent()
                            ? "process " + name + " shares no memory without a name, and has no pool"
                            : "no spaces in " + paper.legible(spaces.folder().toString())
                                    + (dir == null ? ", and no process shares memory or has a pool" : ""));
        } else {
            chart.draw(paper).forEach(out::println);
        }
        return Severity.ofWorst(findings);
    }

    /** The process that is asked for, if it is one: names of spaces may be numbers too, and come first. */
    private OptionalLong process(NamedSpaces spaces) {
        if (name == null
                || dir != null
                || !name.matches("\\d{1,18}")
                || names(spaces).contains(name)) {
            return OptionalLong.empty();
        }
        long pid = Long.parseLong(name);
        if (ProcessHandle.of(pid).isEmpty()) {
            throw new UsageException("no space " + name + " in " + spaces.folder() + ", and no process " + name);
        }
        return OptionalLong.of(pid);
    }

    private static List<Examination> families(OptionalLong process) throws InterruptedException {
        List<Examination> seen = Examination.ofFamilies();
        if (seen.stream().anyMatch(space -> isOf(space, process) && Diagnosis.hasDeadBesideLiving(space))) {
            Thread.sleep(SECOND_LOOK);
            seen = Examination.ofFamilies();
        }
        return seen.stream().filter(space -> isOf(space, process)).toList();
    }

    private static boolean isOf(Examination space, OptionalLong process) {
        return process.isEmpty() || space.members().stream().anyMatch(member -> member.pid() == process.getAsLong());
    }

    private static boolean isOf(RunningPool pool, OptionalLong process) {
        return process.isEmpty()
                || pool.pid() == process.getAsLong()
                || pool.workers().stream().anyMatch(worker -> worker.pid().equals(process));
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

    private static List<String> names(NamedSpaces spaces) {
        return RemoveSpaceCommand.refusable(spaces::list).stream()
                .map(NamedSpaces.Description::name)
                .toList();
    }

    private List<String> namesIn(NamedSpaces spaces) {
        List<String> all = names(spaces);
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
