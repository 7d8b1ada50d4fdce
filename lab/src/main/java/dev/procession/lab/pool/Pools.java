package dev.procession.lab.pool;

import dev.procession.core.Pool;
import dev.procession.core.TaskFuture;
import dev.procession.core.ThreadPool;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.LogBars;
import dev.procession.lab.picture.Table;
import dev.procession.process.ProcessPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Ten tasks for three workers, by processes and by threads: {@code submit}, {@code result}, {@code map}, a callback for
 * each, and then the end of the pool. And from which size on a task is worth its way to another process.
 */
public final class Pools implements Experiment {
    private static final Knob<Integer> WORKERS = Knob.count("workers", 3, 1, 32, "how many workers a pool has");
    private static final Knob<Integer> TASKS = Knob.count("tasks", 10, 1, 200, "how many tasks are submitted");
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 200, "how long a task sleeps at most (the course: 1000)");
    private static final Knob<Integer> ROUNDS =
            Knob.count("rounds", 5, 1, 100, "how often each size is measured; the medians count");
    private static final int SEED = 5;
    private static final long END_SECONDS = 60;

    @Override
    public String id() {
        return "pools";
    }

    @Override
    public String title() {
        return "ten tasks, three workers: when does it pay?";
    }

    @Override
    public String section() {
        return "5";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(WORKERS, TASKS, NAP, ROUNDS);
    }

    /**
     * What one pool came to.
     *
     * @param results of the futures, in the order in which they were submitted
     * @param told what the callbacks were given, in their order
     * @param mapped what {@code map} gave for the same inputs
     */
    private record Worked(List<Task.Ran> results, List<Integer> told, List<Integer> mapped) {
        List<Integer> squares() {
            return results.stream().map(Task.Ran::square).toList();
        }

        List<Long> pids() {
            return results.stream().map(Task.Ran::pid).distinct().toList();
        }

        boolean isRight(List<Integer> squares) {
            return squares().equals(squares)
                    && mapped.equals(squares)
                    && told.size() == squares.size()
                    && new HashSet<>(told).equals(new HashSet<>(squares));
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int workers = knobs.get(WORKERS);
        try (Progress progress = bench.progress("pools", 2 + Ladder.SIZES.size())) {
            Worked processes = work(ProcessPool.of(workers), knobs);
            progress.step();
            Worked threads = work(ThreadPool.of(workers), knobs);
            progress.step();
            List<Ladder.Rung> rungs = Ladder.climb(workers, knobs.get(ROUNDS), progress);
            return outcome(workers, knobs.get(TASKS), processes, threads, rungs);
        }
    }

    /** One line decides who works: everything from here on is the same. */
    private static Worked work(Pool pool, Knobs knobs) throws InterruptedException {
        int tasks = knobs.get(TASKS);
        var random = new Random(SEED);
        var told = new ConcurrentLinkedQueue<Integer>();
        List<Task.Ran> results = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        try (pool) {
            List<TaskFuture<Task.Ran>> futures = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                int number = i;
                numbers.add(number);
                Duration nap = Duration.ofMillis(random.nextLong(knobs.get(NAP).toMillis() + 1));
                TaskFuture<Task.Ran> future = pool.submit(() -> Task.square(number, nap));
                future.addDoneCallback(done -> told.add(done.resultNow().square()));
                futures.add(future);
            }
            for (TaskFuture<Task.Ran> each : futures) {
                results.add(Ladder.get(each));
            }
            List<Integer> mapped = pool.map(number -> number * number, numbers);
            pool.shutdown();
            if (!pool.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                throw new BrokenRunException("the pool does not end: " + pool, null);
            }
            return new Worked(results, List.copyOf(told), mapped);
        } catch (ExecutionException e) {
            throw new BrokenRunException("a task failed: " + e.getCause(), e);
        }
    }

    private static Outcome outcome(int workers, int tasks, Worked processes, Worked threads, List<Ladder.Rung> rungs) {
        long own = ProcessHandle.current().pid();
        List<Integer> squares = new ArrayList<>();
        for (int number = 0; number < tasks; number++) {
            squares.add(number * number);
        }
        boolean inOrder = processes.isRight(squares) && threads.isRight(squares);
        boolean pidsRight = processes.pids().size() <= workers
                && !processes.pids().contains(own)
                && threads.pids().equals(List.of(own));
        boolean sumsRight = rungs.stream().allMatch(Ladder.Rung::isRight);
        OptionalInt crossover = Ladder.crossover(rungs);
        String crossed = crossover.isEmpty()
                ? "never, up to " + LogBars.Unit.TIME.text(rungs.getLast().hereNanos()) + " a task"
                : "from " + LogBars.Unit.TIME.text(hereNanosAt(rungs, crossover.getAsInt())) + " a task on";
        Figures figures = Figures.none()
                .with("workers", workers, "workers in each pool")
                .with("tasks", tasks, "tasks submitted to each")
                .with("distinctPids", processes.pids().size(), "processes that ran tasks")
                .with("squares", processes.squares(), "the results, in the order of submission")
                .with("told", processes.told, "as the callbacks were told them, in the order of the ends")
                .with("crossover", crossed, "when processes beat doing it here")
                .with("parentPid", own, "this JVM's process id, where the threads ran")
                .withUnprinted("pids", processes.pids())
                .withUnprinted("resultsInOrder", inOrder)
                .withUnprinted("crossoverSteps", crossover.orElse(-1))
                .withUnprinted("sizes", rungs.stream().map(Pools::asJson).toList());
        return Outcome.of(
                        Verdict.of(inOrder && pidsRight && sumsRight),
                        reason(workers, inOrder, pidsRight, sumsRight, processes),
                        figures)
                .with("Who ran which task when", lanes(processes.results))
                .with("What a task takes, by its size", table(rungs));
    }

    private static double hereNanosAt(List<Ladder.Rung> rungs, int steps) {
        return rungs.stream()
                .filter(rung -> rung.steps() == steps)
                .findFirst()
                .orElseThrow()
                .hereNanos();
    }

    private static String reason(int workers, boolean inOrder, boolean pidsRight, boolean sumsRight, Worked processes) {
        if (!inOrder) {
            return "a result is wrong, or out of order, or a callback was not told of it once";
        } else if (!pidsRight) {
            return "tasks ran in other processes than " + workers + " workers: pids=" + processes.pids();
        } else if (!sumsRight) {
            return "a pool computed something else than this thread";
        }
        return "results came in the order of submission, whatever the order of the ends, from "
                + processes.pids().size() + " processes; " + workers + " workers were asked for";
    }

    private static Map<String, Object> asJson(Ladder.Rung rung) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("steps", rung.steps());
        row.put("tasks", rung.tasks());
        row.put("hereNanos", Math.round(rung.hereNanos()));
        row.put("threadsNanos", Math.round(rung.threadsNanos()));
        row.put("processesNanos", Math.round(rung.processesNanos()));
        return row;
    }

    private static Lanes lanes(List<Task.Ran> results) {
        Map<Long, List<Task.Ran>> byWorker =
                results.stream().collect(Collectors.groupingBy(Task.Ran::pid, LinkedHashMap::new, Collectors.toList()));
        List<Lanes.Lane> lanes = new ArrayList<>();
        byWorker.forEach((pid, ran) -> lanes.add(new Lanes.Lane(
                Label.of("pid " + pid),
                ran.stream()
                        .map(each -> new Lanes.Span(each.fromNanos(), each.untilNanos(), Doing.WORKS.tint()))
                        .toList(),
                ran.stream()
                        .map(each -> new Lanes.Mark(each.untilNanos(), Doing.RETURNS.tint()))
                        .toList(),
                "tasks "
                        + ran.stream()
                                .map(each -> String.valueOf(each.number()))
                                .collect(Collectors.joining(" ")))));
        return Lanes.of(lanes);
    }

    private static Table table(List<Ladder.Rung> rungs) {
        return new Table(
                List.of("steps", "here", "threads", "processes", "processes win"),
                rungs.stream()
                        .map(rung -> List.of(
                                String.valueOf(rung.steps()),
                                LogBars.Unit.TIME.text(rung.hereNanos()),
                                LogBars.Unit.TIME.text(rung.threadsNanos()),
                                LogBars.Unit.TIME.text(rung.processesNanos()),
                                rung.processesWin() ? "yes" : "no"))
                        .toList());
    }
}
