package dev.procession.lab;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How much of all processors this JVM gets when it wants all of them. By the processor time it was given, and by what it could do
 * in it: the operating system counts as ours what a hypervisor or the other half of the core has meanwhile.
 */
final class ShareOfProcessors {
    private static final Duration WINDOW = Duration.ofMillis(300);

    private ShareOfProcessors() {}

    /** The smaller one of both, 1 where nobody disturbs. */
    static double measure() throws InterruptedException, ExecutionException {
        int processors = Runtime.getRuntime().availableProcessors();
        try (ExecutorService threads = Executors.newFixedThreadPool(processors)) {
            together(threads, processors); // the first one is for the compiler
            Work alone = together(threads, 1);
            Work all = together(threads, processors);
            double given = (double) all.cpuNanos / (WINDOW.toNanos() * processors);
            double done = (double) all.steps / (alone.steps * processors);
            return Math.min(given, done);
        }
    }

    private record Work(long steps, long cpuNanos) {}

    private static Work together(ExecutorService threads, int count) throws InterruptedException, ExecutionException {
        long steps = 0;
        long cpuNanos = 0;
        Callable<Work> work = ShareOfProcessors::work;
        for (Future<Work> each : threads.invokeAll(Collections.nCopies(count, work))) {
            steps += each.get().steps;
            cpuNanos += each.get().cpuNanos;
        }
        return new Work(steps, cpuNanos);
    }

    private static Work work() {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long cpuBefore = clock.getCurrentThreadCpuTime();
        long endNanos = System.nanoTime() + WINDOW.toNanos();
        long steps = 0;
        while (System.nanoTime() < endNanos) {
            steps++;
        }
        return new Work(steps, clock.getCurrentThreadCpuTime() - cpuBefore);
    }
}
