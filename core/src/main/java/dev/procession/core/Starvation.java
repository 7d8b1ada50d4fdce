package dev.procession.core;

import dev.procession.core.spi.PoolTask;
import dev.procession.core.spi.TaskScope;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells when every worker of a pool waits for a task of the same pool: then no worker is left to run those that wait in the
 * queue, and it stays so unless somebody else completes or cancels one, or gives the pool more workers.
 *
 * <p>Each wait without a time-out is noted in the run of the task that waits, and is an object of its own. After a thread has
 * noted its wait it looks at all runs, twice: if both times it sees the same waits, and as many workers in them as there are,
 * then at the moment between all of them were in their waits. Of threads that begin to wait at the same time at least the
 * last to note it sees all.
 */
final class Starvation {
    private static final Logger LOG = System.getLogger("dev.procession.core");
    private static final int MOST_NAMED = 8;

    private final String pool;
    private final Map<PoolTask<?>, ThreadRun> running;
    private final IntSupplier workers;
    private final AtomicBoolean told = new AtomicBoolean();

    Starvation(String pool, Map<PoolTask<?>, ThreadRun> running, IntSupplier workers) {
        this.pool = pool;
        this.running = running;
        this.workers = workers;
    }

    /** One wait of a task until one of others has ended. Compared by identity. */
    static final class WaitFor {
        private final ThreadRun waiting;
        private final Collection<? extends PoolTask<?>> awaited;

        private WaitFor(ThreadRun waiting, Collection<? extends PoolTask<?>> awaited) {
            this.waiting = waiting;
            this.awaited = awaited;
        }
    }

    /** The calling thread is about to wait for one of some tasks of this pool, for as long as it takes. */
    void enter(Collection<? extends PoolTask<?>> awaited) {
        ThreadRun run = currentRun();
        if (run == null) {
            return;
        }
        run.waitFor(new WaitFor(run, awaited));
        List<WaitFor> stuck = allStuck();
        if (!stuck.isEmpty() && stuck.equals(allStuck()) && told.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, describe(stuck));
        }
    }

    /** The wait is over. */
    void leave() {
        ThreadRun run = currentRun();
        if (run != null) {
            run.waitFor(null);
            told.set(false);
        }
    }

    private @Nullable ThreadRun currentRun() {
        return TaskScope.current()
                .filter(ThreadRun.class::isInstance)
                .map(ThreadRun.class::cast)
                .filter(run -> run.isOfCurrentThread() && run.equals(running.get(run.task())))
                .orElse(null);
    }

    /** The waits of all workers, if there is none that runs and none that is free; else nothing. */
    private List<WaitFor> allStuck() {
        List<WaitFor> waits = new ArrayList<>();
        for (ThreadRun run : running.values()) {
            if (run.isWorkers()) {
                WaitFor wait = run.waitFor();
                if (wait == null || !wait.awaited.stream().allMatch(this::isStuck)) {
                    return List.of();
                }
                waits.add(wait);
            }
        }
        return waits.size() == workers.getAsInt() ? waits : List.of();
    }

    /** Whether a task waits in the queue, or for another task itself. */
    private boolean isStuck(PoolTask<?> task) {
        ThreadRun run = running.get(task);
        return run == null ? !task.future().isDone() : run.waitFor() != null;
    }

    private String describe(List<WaitFor> stuck) {
        String waits = stuck.stream()
                .limit(MOST_NAMED)
                .map(wait -> wait.waiting.taskName() + " waits for "
                        + wait.awaited.stream().map(PoolTask::name).collect(Collectors.joining(" or ")))
                .collect(Collectors.joining(", "));
        String more = stuck.size() > MOST_NAMED ? ", and " + (stuck.size() - MOST_NAMED) + " more" : "";
        return "deadlock: every worker waits for a task of its own pool, and none is left to run what is queued: "
                + waits + more + "; pool=" + pool + ", workers=" + stuck.size();
    }
}
