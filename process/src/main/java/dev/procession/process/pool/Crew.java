package dev.procession.process.pool;

import dev.procession.process.pool.Dispatcher.Phase;
import dev.procession.shm.channel.Channel;
import dev.procession.shm.channel.ChannelPurpose;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The workers: starts them, replaces the dead, ends those that are too many, too old or not needed any more, and passes on
 * what they say.
 *
 * <p>What the number of workers should be is worked out anew by {@link #adjust} whenever something has changed. Methods that
 * take a {@link Plan} are called under the dispatcher's lock; the others with no lock held.
 */
final class Crew {
    private static final System.Logger LOG = System.getLogger("dev.procession.process");

    /** After so many workers in a row that died, or had no state, before they were ready the pool gives up. */
    private static final int MOST_FAILED_STARTS = 3;

    private static final long ROUND_MILLIS = 200;

    private final Engine engine;
    private final Dispatcher dispatcher;
    private final PoolSettings settings;
    private final WorkerProcess.Starter starter;
    private final CountDownLatch terminated = new CountDownLatch(1);

    /** Starts processes and looks after time; everything that takes longer than a lock may be held. */
    private final ScheduledThreadPoolExecutor thread;

    // Guarded by the dispatcher's lock.
    private final List<Link> links = new ArrayList<>();

    /** Dead, but the process is not yet gone. */
    private final Set<Link> leaving = new HashSet<>();

    private int minWorkers;
    private int maxWorkers;

    /** Workers whose process is not made yet. */
    private int unborn;

    /** Spares whose process is not made yet: no reason to end a worker that is there. */
    private int unbornSpares;

    private boolean makesRounds;
    private int lastWorker;
    private int failedStarts;

    Crew(Engine engine, Dispatcher dispatcher, PoolSettings settings, WorkerProcess.Starter starter) {
        this.engine = engine;
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.starter = starter;
        this.minWorkers = settings.minWorkers();
        this.maxWorkers = settings.maxWorkers();
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform()
                        .daemon()
                        .name("procession-crew-" + settings.name())
                        .factory());
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    // ---- for the dispatcher, under its lock

    List<Link> links() {
        return links;
    }

    /** The worker that was at work last, of those that have nothing to do: its caches are warm. Else the eldest. */
    @Nullable
    Link freeWorker() {
        Link best = null;
        for (Link each : links) {
            if (each.isFree() && (best == null || each.lastReplyNanos - best.lastReplyNanos > 0)) {
                best = each;
            }
        }
        return best;
    }

    int busyCount() {
        int busy = 0;
        for (Link each : links) {
            if (!each.calls.isEmpty()) {
                busy++;
            }
        }
        return busy;
    }

    void assigned(Link link, Plan plan) {
        if (++link.assigned >= settings.maxTasksPerWorker()) {
            retire(link, plan);
            adjust(plan);
        }
    }

    /** A worker begins on no more calls. */
    void worn(Link link, Plan plan) {
        retire(link, plan);
        adjust(plan);
    }

    /** A worker has nothing to do any more. */
    void idle(Link link, Plan plan) {
        link.idleSinceNanos = System.nanoTime();
        if (link.stage == Link.Stage.RETIRING) {
            retire(link, plan);
        }
        adjust(plan);
    }

    /** Brings the number of workers to what it should be now. */
    void adjust(Plan plan) {
        if (dispatcher.phase() != Phase.OPEN && !dispatcher.hasCalls()) {
            List.copyOf(links).forEach(link -> retire(link, plan));
            if (links.isEmpty() && leaving.isEmpty() && unborn == 0 && unbornSpares == 0) {
                plan.then(this::terminate);
            }
            return;
        }
        int there = unborn;
        boolean allReady = unborn == 0 && unbornSpares == 0;
        Link spare = null;
        for (Link each : links) {
            if (each.spare) {
                spare = each;
            } else if (each.stage == Link.Stage.STARTING || each.stage == Link.Stage.READY) {
                there++;
                allReady &= each.stage == Link.Stage.READY;
            }
        }
        int wanted = Math.clamp((long) busyCount() + dispatcher.queued(), minWorkers, maxWorkers);
        if (there < wanted && spare != null) {
            spare.spare = false;
            spare.channel.callUp();
            spare = null;
            there++;
            dispatcher.dispatch(plan);
        }
        while (there < wanted && !hasGivenUp()) {
            order(/* spare= */ false, plan);
            there++;
        }
        for (Link each : List.copyOf(links)) {
            if (there > maxWorkers && each.isFree()) {
                retire(each, plan);
                there--;
            }
        }
        for (Link each : links) {
            if (there > maxWorkers && !each.spare && each.stage == Link.Stage.READY) {
                each.stage = Link.Stage.RETIRING; // ends when its calls do
                there--;
            }
        }
        if (allReady && spare == null && settings.spares() > 0 && dispatcher.phase() == Phase.OPEN && !hasGivenUp()) {
            order(/* spare= */ true, plan);
        }
    }

    void resize(int min, int max, Plan plan) {
        minWorkers = min;
        maxWorkers = max;
        dispatcher.resize(max);
        begin(plan);
    }

    int maxWorkers() {
        return maxWorkers;
    }

    private void order(boolean spare, Plan plan) {
        countUnborn(spare, 1);
        int worker = ++lastWorker;
        plan.then(() -> {
            try {
                thread.execute(() -> start(worker, spare));
            } catch (RejectedExecutionException _) {
                dispatcher.change(_ -> countUnborn(spare, -1)); // the pool has ended
            }
        });
    }

    private void countUnborn(boolean spare, int more) {
        if (spare) {
            unbornSpares += more;
        } else {
            unborn += more;
        }
    }

    /** One that is not ready has nothing to end in order. */
    private void retire(Link link, Plan plan) {
        if (link.stage == Link.Stage.STARTING) {
            link.stage = Link.Stage.ENDING;
            plan.then(link.process::killTree);
        }
        if (link.stage == Link.Stage.READY) {
            link.stage = Link.Stage.RETIRING;
        }
        if (link.stage == Link.Stage.RETIRING && link.calls.isEmpty()) {
            link.stage = Link.Stage.ENDING;
            plan.then(() -> end(link));
        }
    }

    /** A worker is dead. If it was not ready, {@link #diedInStart} follows. */
    void lost(Link link, Link.Stage before, Plan plan) {
        boolean _ = links.remove(link);
        leaving.add(link);
        if (before == Link.Stage.READY || before == Link.Stage.RETIRING) {
            engine.countRestart();
        }
        if (before != Link.Stage.STARTING) {
            adjust(plan);
        }
    }

    /** Somebody's signal says nothing about the next start; everything else would come again. */
    void diedInStart(Obituary obituary, Plan plan) {
        if (!obituary.isByKill()) {
            failedToStart(new IllegalStateException("a worker ended before it was ready: " + obituary.summary()), plan);
        }
        adjust(plan);
    }

    // ---- looking after those that are there

    /** Whether the workers must be looked at now and then: something about them changes by itself. */
    private boolean needsRounds() {
        return settings.maxResidentBytes() != Long.MAX_VALUE
                || !settings.maxWorkerAge().equals(PoolSettings.FOR_EVER)
                || minWorkers < maxWorkers;
    }

    /** Begins with the workers, or goes on with another number of them. */
    void begin(Plan plan) {
        if (!makesRounds && needsRounds()) {
            makesRounds = true;
            var _ = thread.scheduleWithFixedDelay(this::round, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
        }
        adjust(plan);
    }

    private void round() {
        List<Link> there = new ArrayList<>();
        dispatcher.change(_ -> there.addAll(links));
        for (Link each : there) {
            long residentBytes = settings.maxResidentBytes() == Long.MAX_VALUE ? 0 : each.process.residentBytes();
            dispatcher.change(plan -> lookAfter(each, residentBytes, plan));
        }
    }

    private void lookAfter(Link link, long residentBytes, Plan plan) {
        long now = System.nanoTime();
        boolean tooLarge = residentBytes > settings.maxResidentBytes();
        boolean tooOld = now - link.bornNanos > settings.maxWorkerAge().toNanos();
        boolean idleTooLong =
                link.isFree() && now - link.idleSinceNanos > settings.idleTime().toNanos() && count() > minWorkers;
        if (link.stage == Link.Stage.READY && !link.spare && (tooLarge || tooOld || idleTooLong)) {
            retire(link, plan);
            adjust(plan);
        }
        if (residentBytes - settings.maxResidentBytes() > settings.maxResidentBytes() / 8) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a worker is killed before the kernel does it: worker=" + link.process.name() + ", residentBytes="
                            + residentBytes + ", maxResidentBytes=" + settings.maxResidentBytes());
            plan.then(link.process::killTree);
        }
    }

    /** How many workers take calls, or will. */
    private int count() {
        int count = unborn;
        for (Link each : links) {
            if (!each.spare && (each.stage == Link.Stage.STARTING || each.stage == Link.Stage.READY)) {
                count++;
            }
        }
        return count;
    }

    // ---- start

    private void start(int worker, boolean spare) {
        Channel channel = null;
        try {
            channel = Channel.create(new ChannelPurpose(settings.name(), worker, settings.queueCapacity()));
            WorkerProcess process = starter.start(worker, channel.path());
            var link = new Link(worker, channel, process, engine);
            if (spare) {
                link.spare = true;
                channel.keepInReserve();
            }
            dispatcher.change(plan -> {
                countUnborn(spare, -1);
                links.add(link);
                adjust(plan);
            });
            link.start(settings.name());
            WorkerStartEvent.emit(settings.name(), link);
            CompletableFuture<Void> _ = process.gone().thenRun(link.channel::buryGuest);
            link.tell(Wire.SETUP, 0, settings.init(), settings.exit(), settings.wear());
        } catch (IOException | RuntimeException | Error failure) {
            if (channel != null) {
                channel.close();
            }
            dispatcher.change(plan -> {
                countUnborn(spare, -1);
                failedToStart(failure, plan);
                adjust(plan);
            });
        }
    }

    /** A worker is up, and has its state. */
    void ready(Link link, Plan plan) {
        link.channel.letGoOfFile();
        failedStarts = 0;
        if (link.stage == Link.Stage.STARTING) {
            link.stage = Link.Stage.READY;
        }
        idle(link, plan);
        dispatcher.dispatch(plan);
    }

    /** A worker is up, but its state could not be made. */
    void unfit(Link link, Throwable failure, Plan plan) {
        link.channel.letGoOfFile();
        link.stage = Link.Stage.ENDING;
        plan.then(() -> end(link));
        failedToStart(failure, plan);
        adjust(plan);
    }

    private boolean hasGivenUp() {
        return failedStarts >= MOST_FAILED_STARTS;
    }

    private void failedToStart(Throwable failure, Plan plan) {
        failedStarts++;
        plan.then(() ->
                LOG.log(System.Logger.Level.WARNING, "a worker did not get ready: pool=" + settings.name(), failure));
        if (hasGivenUp()) {
            plan.then(() -> dispatcher.breakDown(new IllegalStateException(
                    "no worker of this pool gets ready: pool=" + settings.name() + ", attempts=" + failedStarts
                            + ", last: " + failure,
                    failure)));
        }
    }

    // ---- end

    private void end(Link link) {
        link.tell(Wire.END, 0);
        later(settings.endTime().toMillis(), TimeUnit.MILLISECONDS, link.process::killTree);
    }

    /** Does something after a while, unless the pool has ended by then. */
    void later(long delay, TimeUnit unit, Runnable action) {
        try {
            var _ = thread.schedule(action, delay, unit);
        } catch (RejectedExecutionException _) {
            // The pool has ended, so all its workers have.
        }
    }

    /** The process of a dead worker is gone. */
    void gone(Link link) {
        link.channel.close();
        dispatcher.change(plan -> {
            leaving.remove(link);
            adjust(plan);
        });
    }

    private void terminate() {
        thread.shutdown();
        terminated.countDown();
    }

    boolean isTerminated() {
        return terminated.getCount() == 0;
    }

    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }
}
