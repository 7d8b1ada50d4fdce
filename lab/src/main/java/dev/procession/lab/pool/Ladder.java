package dev.procession.lab.pool;

import dev.procession.core.Pool;
import dev.procession.core.TaskFuture;
import dev.procession.core.ThreadPool;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.measure.Sample;
import dev.procession.process.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** From which size on a task is worth its way to another process: the same tasks done here, by threads, by processes. */
final class Ladder {
    /** In steps of about a nanosecond. */
    static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000, 1_000_000, 10_000_000);

    private static final int STEPS_A_RUNG = 40_000_000;
    private static final int MOST_TASKS = 400;
    private static final int LEAST_TASKS = 8;
    private static final long PATIENCE_SECONDS = 60;

    private Ladder() {}

    /**
     * What one size came to.
     *
     * @param steps the size of a task
     * @param tasks how many there were
     * @param hereNanos for a task, one after the other on the caller's thread
     * @param threadsNanos for a task, by a pool of threads
     * @param processesNanos for a task, by a pool of processes
     * @param isRight whether all three came to the same
     */
    record Rung(int steps, int tasks, double hereNanos, double threadsNanos, double processesNanos, boolean isRight) {
        boolean processesWin() {
            return processesNanos < hereNanos;
        }
    }

    /** The smallest size from which on processes win at every size; empty if they do not at the largest. */
    static OptionalInt crossover(List<Rung> rungs) {
        int size = -1;
        for (Rung rung : rungs.reversed()) {
            if (!rung.processesWin()) {
                break;
            }
            size = rung.steps;
        }
        return size < 0 ? OptionalInt.empty() : OptionalInt.of(size);
    }

    /** Climbs it, so many rounds a rung; the medians count. */
    static List<Rung> climb(int workers, int rounds, Progress progress) throws InterruptedException {
        List<Rung> rungs = new ArrayList<>();
        try (Pool threads = ThreadPool.of(workers);
                Pool processes = ProcessPool.of(workers)) {
            for (Pool each : List.of(threads, processes)) {
                submitAll(each, MOST_TASKS, SIZES.get(1)); // both JVMs compile what they run
            }
            for (int steps : SIZES) {
                rungs.add(rung(steps, rounds, threads, processes));
                progress.step();
            }
        }
        return rungs;
    }

    private static Rung rung(int steps, int rounds, Pool threads, Pool processes) throws InterruptedException {
        int tasks = Math.clamp(STEPS_A_RUNG / steps, LEAST_TASKS, MOST_TASKS);
        List<Double> here = new ArrayList<>();
        List<Double> byThreads = new ArrayList<>();
        List<Double> byProcesses = new ArrayList<>();
        boolean right = true;
        for (int round = 0; round < rounds; round++) {
            long begin = System.nanoTime();
            long sum = 0;
            for (int i = 0; i < tasks; i++) {
                sum += Task.compute(i, steps);
            }
            long done = System.nanoTime();
            right &= submitAll(threads, tasks, steps) == sum;
            long doneByThreads = System.nanoTime();
            right &= submitAll(processes, tasks, steps) == sum;
            here.add((double) (done - begin) / tasks);
            byThreads.add((double) (doneByThreads - done) / tasks);
            byProcesses.add((double) (System.nanoTime() - doneByThreads) / tasks);
        }
        return new Rung(
                steps,
                tasks,
                new Sample(here).median(),
                new Sample(byThreads).median(),
                new Sample(byProcesses).median(),
                right);
    }

    private static long submitAll(Pool pool, int tasks, int steps) throws InterruptedException {
        List<TaskFuture<Long>> futures = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            int seed = i;
            futures.add(pool.submit(() -> Task.compute(seed, steps)));
        }
        long sum = 0;
        for (TaskFuture<Long> each : futures) {
            sum += get(each);
        }
        return sum;
    }

    static <T> T get(TaskFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new BrokenRunException("a task failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new BrokenRunException("waited " + PATIENCE_SECONDS + " s in vain for " + future, e);
        }
    }
}
