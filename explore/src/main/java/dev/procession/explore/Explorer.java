package dev.procession.explore;

import dev.procession.core.spi.Interleaving;
import dev.procession.core.spi.Interleaving.Act;
import dev.procession.explore.Exploration.Coverage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a small concurrent {@link Program} in every order there is, and tells in which ones it fails.
 *
 * <p>A test of a race runs one order in a million; this runs each of them, one task at a time, so that a race that can
 * happen does. Steps are the beginnings of tasks, accesses of {@linkplain Program#variable variables}, acquisitions and
 * releases of {@linkplain Program#lock locks}, {@linkplain #yieldPoint yield points}, and what the structures of this library
 * do that are made inside the program: {@link dev.procession.core.LifoBlockingQueue}, {@link
 * dev.procession.core.JoinableQueue}. A task that waits takes no step. If all that are left wait, that is a deadlock, and a
 * failure.
 *
 * <table>
 * <caption>How many schedules</caption>
 * <tr><th></th><th>runs</th><th>for</th></tr>
 * <tr><td>{@link #everySchedule}</td><td>all, depth first</td><td>counting; very small programs</td></tr>
 * <tr><td>{@link #everyKind}</td><td>one of those that differ only in the order of independent steps</td>
 *     <td>proofs; all that tasks share must be reached by steps</td></tr>
 * <tr><td>{@link #random}</td><td>some</td><td>what is too large for the others</td></tr>
 * </table>
 *
 * <p>What happens between two steps of a task is never taken apart, so a proof is one {@linkplain Exploration#grain at that
 * grain}. What a task waits for must be controlled by the explorer: a {@code synchronized} block that two tasks enter, with
 * a step inside, ends in an {@link IllegalStateException} with its stack.
 *
 * <p>Explorers are immutable and safe for use by many threads. Running one blocks until it is done; it cannot be interrupted.
 *
 * <p>Source: the idea is that of P. Godefroid, "Model checking for programming languages using VeriSoft", POPL 1997.
 */
public final class Explorer {
    private static final String TOKEN_START = "x1-";

    private final Coverage coverage;
    private final ExplorationLimits limits;
    private final long seed;

    private Explorer(Coverage coverage, ExplorationLimits limits, long seed) {
        this.coverage = coverage;
        this.limits = limits;
        this.seed = seed;
    }

    /**
     * Runs a program in every order.
     *
     * @param program makes it, anew for each schedule
     * @return what was found
     * @throws IllegalStateException as {@link #run} does
     */
    public static Exploration explore(Supplier<Program> program) {
        return everySchedule().run(program);
    }

    /**
     * An explorer of every schedule, at most 100,000.
     *
     * @return the explorer
     */
    public static Explorer everySchedule() {
        return new Explorer(Coverage.EVERY_SCHEDULE, ExplorationLimits.USUAL, 0);
    }

    /**
     * An explorer of one schedule of each kind, at most 100,000: it runs no two that differ only in the order of steps that
     * do not depend on each other. Steps depend on each other if they are of one task, or have one subject and are not both
     * reads, or one is a {@linkplain #yieldPoint yield point}.
     *
     * @return the explorer
     */
    public static Explorer everyKind() {
        return new Explorer(Coverage.EVERY_KIND, ExplorationLimits.USUAL, 0);
    }

    /**
     * An explorer of some schedules, each step drawn among the tasks that can go.
     *
     * @param schedules how many
     * @param seed the same gives the same
     * @return the explorer
     * @throws IllegalArgumentException if {@code schedules} is less than one
     */
    public static Explorer random(long schedules, long seed) {
        return new Explorer(Coverage.SAMPLE, ExplorationLimits.USUAL, seed).maxSchedules(schedules);
    }

    /**
     * The same with a limit of schedules, where it stops.
     *
     * @param schedules how many at most
     * @return the explorer
     * @throws IllegalArgumentException if it is less than one
     */
    public Explorer maxSchedules(long schedules) {
        return with(limits.withMaxSchedules(ensurePositive("schedules", schedules)));
    }

    /**
     * The same with a limit of steps; a schedule that has more fails, as one without end. 10,000 unless changed.
     *
     * @param steps how many at most
     * @return the explorer
     * @throws IllegalArgumentException if it is less than one
     */
    public Explorer maxSteps(int steps) {
        return with(limits.withMaxSteps((int) ensurePositive("steps", steps)));
    }

    /**
     * The same with a limit of what happens between two steps. 10 seconds unless changed.
     *
     * @param timeout how long at most
     * @return the explorer
     * @throws IllegalArgumentException if it is zero or less
     */
    public Explorer stepTimeout(Duration timeout) {
        ensurePositive("timeoutNanos", timeout.toNanos());
        return with(limits.withStepTimeout(timeout));
    }

    /**
     * The same with tasks on platform threads. They are on virtual ones unless changed.
     *
     * @return the explorer
     */
    public Explorer onPlatformThreads() {
        return with(limits.withThreads(
                Thread.ofPlatform().daemon().name("explored-", 0).factory()));
    }

    private Explorer with(ExplorationLimits changed) {
        return new Explorer(coverage, changed, seed);
    }

    private static long ensurePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + value);
        }
        return value;
    }

    /**
     * A step that may read and change anything. For programs that share more than variables and locks: a file, say.
     *
     * @param label what it is called in a schedule; outside of an exploration it does nothing
     */
    public static void yieldPoint(String label) {
        Interleaving inControl = Interleaving.current();
        if (inControl != null) {
            inControl.step(Act.YIELD, null, label, () -> true);
        }
    }

    /**
     * Runs a program, schedule after schedule. When this returns all its threads have ended.
     *
     * @param program makes it, anew for each schedule
     * @return what was found
     * @throws IllegalStateException if the program has no tasks, is not deterministic, or a task took no step for too long;
     *     in the last case its threads were interrupted and may go on
     */
    public Exploration run(Supplier<Program> program) {
        Objects.requireNonNull(program, "program");
        return run(program, route(), coverage);
    }

    private Route route() {
        return switch (coverage) {
            case EVERY_SCHEDULE -> new EveryOrder();
            case EVERY_KIND -> new EveryKind();
            case SAMPLE -> new Route.AtRandom(new Random(seed), limits.maxSchedules());
            case CUT_OFF, REPLAY -> throw new AssertionError(coverage);
        };
    }

    /**
     * Runs one schedule again.
     *
     * @param token that of a {@link FailingSchedule}
     * @param program makes the program, which must be the same
     * @return what was found
     * @throws IllegalArgumentException if it is no token, or not one of this program
     */
    public static Exploration replay(String token, Supplier<Program> program) {
        if (!token.matches(TOKEN_START + "[0-9a-u]+")) {
            throw new IllegalArgumentException(
                    "not a token of a schedule: expected " + TOKEN_START + "..., token=" + token);
        }
        int[] choices = token.substring(TOKEN_START.length())
                .chars()
                .map(digit -> Character.digit(digit, Character.MAX_RADIX))
                .toArray();
        return everySchedule().run(program, new Route.Replay(choices), Coverage.REPLAY);
    }

    private Exploration run(Supplier<Program> program, Route route, Coverage ifAll) {
        long schedules = 0;
        long failing = 0;
        var grain = EnumSet.noneOf(Act.class);
        FailingSchedule shortest = null;
        boolean more = true;
        while (more && schedules < limits.maxSchedules()) {
            var run = new Run(route, limits);
            run.execute(program);
            if (run.end() != Run.End.SEEN_ALREADY) {
                schedules++;
                run.taken().forEach(move -> grain.add(move.act()));
                FailingSchedule failed = failed(run);
                if (failed != null) {
                    failing++;
                    shortest = shortest == null || FailingSchedule.BY_LENGTH.compare(failed, shortest) < 0
                            ? failed
                            : shortest;
                }
            }
            more = route.another(run.last());
        }
        Coverage covered = more && ifAll != Coverage.SAMPLE ? Coverage.CUT_OFF : ifAll;
        return new Exploration(covered, schedules, failing, grain, Optional.ofNullable(shortest));
    }

    private static @Nullable FailingSchedule failed(Run run) {
        String failure = run.failure();
        if (failure == null) {
            return null;
        }
        List<String> tasks = run.taskNames();
        List<Step> steps = run.taken().stream()
                .map(move -> new Step(tasks.get(move.task()), move.act(), move.label()))
                .toList();
        String token = run.taken().stream()
                .map(move -> Integer.toString(move.task(), Character.MAX_RADIX))
                .collect(Collectors.joining("", TOKEN_START, ""));
        return new FailingSchedule(failure, tasks, steps, token);
    }
}
