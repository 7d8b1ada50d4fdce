package dev.procession.net;

import dev.procession.core.QueueShutDownException;
import dev.procession.core.codec.UndecodableException;
import dev.procession.process.ChildFailedException;
import dev.procession.shm.SharedLong;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The worker processes of a server: starts them, hears what they say, replaces those that died, later each time if they keep
 * dying, and ends them.
 *
 * <p>One thread owns all of it and calls every method. What happens elsewhere comes to it as a task.
 */
final class WorkerCrew {
    private static final Logger LOG = System.getLogger("dev.procession.net");

    private static final Duration FIRST_RESTART = Duration.ofMillis(50);
    private static final Duration LATEST_RESTART = Duration.ofSeconds(10);
    private static final Duration WENT_WELL = Duration.ofSeconds(30);

    /** So many deaths in a row that came soon after the start are no accident. */
    private static final int CRASH_LOOP = 3;

    /** A worker that is stopped, or has no turn, does not answer; what it last said counts then. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** How long after the end of its grace a worker may take to end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    /** Each comes after the one before it, and may be left out. */
    private enum Phase {
        STARTING,
        OPEN,
        /** No connection is accepted, and no worker replaced. */
        STOPPING,
        CLOSED
    }

    private final Plan plan;
    private final SharedListener listener;
    private final Staffing staffing;
    private final Executor thread;
    private final CompletableFuture<Void> serving = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<Void> allGone = new CompletableFuture<>();

    private final List<Worker> workers = new ArrayList<>();
    private final List<SharedLong> loads;
    private final List<Inquiry> inquiries = new ArrayList<>();
    private final BackOff backOff = new BackOff(FIRST_RESTART, LATEST_RESTART, WENT_WELL);
    private Phase phase = Phase.STARTING;
    private boolean startsLater;
    private int diedSoon;
    private long lastInquiry;
    private boolean someCut;
    private long peak;

    /** Of workers that are gone. */
    private ServerStatistics past = ServerStatistics.ZERO;

    /**
     * A crew without workers.
     *
     * @param thread owns it from here on
     */
    WorkerCrew(Plan plan, SharedListener listener, Executor thread) {
        this.plan = plan;
        this.listener = listener;
        this.staffing = Staffing.of(plan);
        this.loads = SharedTurn.loads(staffing.balanced());
        this.thread = thread;
    }

    /** Completed when the first workers all accept connections, or by what was wrong with one. For any thread, as the next two. */
    CompletableFuture<Void> serving() {
        return serving;
    }

    /** Completed when no connection is accepted any more. */
    CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Completed when no worker is left and none will come. */
    CompletableFuture<Void> allGone() {
        return allGone;
    }

    /** Whether a connection was ended by something else than its handler, the peer or a limit. */
    boolean someCut() {
        return someCut;
    }

    // ---- starting and replacing ----

    void startFirst() {
        try {
            for (int i = 0; i < staffing.atFirst(); i++) {
                startOne();
            }
        } catch (RuntimeException | Error e) {
            serving.completeExceptionally(e);
        }
    }

    private void startOne() {
        int slot = freeSlot();
        Plan own = plan.withLimits(plan.limits().withMaxConnections(staffing.connections(slot)));
        Turn turn = loads.isEmpty() ? Turn.Always.TURN : new SharedTurn(loads, slot);
        Worker worker = Worker.start(slot, own, listener.socket(), turn);
        workers.add(worker);
        Thread.ofPlatform()
                .daemon()
                .name("procession-" + worker.process().name())
                .start(() -> listenTo(worker));
    }

    private int freeSlot() {
        BitSet taken = new BitSet();
        workers.forEach(worker -> taken.set(worker.slot()));
        return taken.nextClearBit(0);
    }

    /** Starts those that are missing, unless it is too soon after a death. */
    private void staff() {
        if (phase != Phase.OPEN || startsLater) {
            return;
        }
        try {
            int accepting = (int) workers.stream().filter(Worker::accepts).count();
            for (int missing = staffing.missing(workers.size(), accepting); missing > 0; missing--) {
                startOne();
            }
        } catch (RuntimeException e) {
            Duration wait = backOff.failed(Duration.ZERO);
            LOG.log(
                    Level.ERROR,
                    "cannot start a worker process; trying again in " + wait.toMillis() + " ms: server=" + plan.name(),
                    e);
            staffAfter(wait);
        }
    }

    private void staffAfter(Duration wait) {
        startsLater = true;
        after(wait, () -> {
            startsLater = false;
            staff();
        });
    }

    private void died(Worker worker) {
        String how =
                worker.process().failure().map(ChildFailedException::getMessage).orElseGet(worker::toString);
        switch (phase) {
            case STARTING -> serving.completeExceptionally(new IOException(how));
            case OPEN -> replace(worker, how);
            case STOPPING, CLOSED -> someCut |= worker.stage != Worker.Stage.STARTING;
        }
    }

    private void replace(Worker worker, String how) {
        if (!worker.accepts()) {
            // Its connection is what it was there for; others are served all the same.
            LOG.log(Level.WARNING, "a worker process ended, and its connection with it: " + how);
            return;
        }
        diedSoon = worker.served().compareTo(WENT_WELL) < 0 ? diedSoon + 1 : 1;
        Duration wait = backOff.failed(worker.served());
        boolean loop = diedSoon >= CRASH_LOOP;
        LOG.log(
                loop ? Level.ERROR : Level.WARNING,
                "a worker process ended, and its connections with it; the next one starts in " + wait.toMillis() + " ms"
                        + (loop ? " (deaths in a row, soon after the start: " + diedSoon + ")" : "")
                        + ": server=" + plan.name() + ": " + how);
        staffAfter(wait);
    }

    // ---- hearing ----

    /** In a thread of its own: passes on all that a worker says, and behind it that it is gone. */
    private void listenTo(Worker worker) {
        var _ = worker.process().onExit().thenRun(worker.line()::noMoreNews);
        try {
            while (true) {
                WorkerNews news = worker.line().nextNews();
                thread.execute(() -> heard(worker, news));
            }
        } catch (QueueShutDownException ended) {
            // It has said all.
        } catch (UndecodableException | ClassCastException | InterruptedException e) {
            LOG.log(Level.ERROR, "a worker process says what no worker says, and is ended: worker=" + worker, e);
            worker.process().kill();
            worker.process().onExit().join();
        }
        thread.execute(() -> gone(worker));
    }

    private void heard(Worker worker, WorkerNews news) {
        switch (news) {
            case WorkerNews.Ready() -> ready(worker);
            case WorkerNews.Taken(ServerStatistics figures) -> {
                worker.figures = figures;
                worker.stage = Worker.Stage.TAKEN;
                peak = Math.max(
                        peak,
                        workers.stream()
                                .filter(each -> each.stage == Worker.Stage.TAKEN)
                                .count());
                staff();
            }
            case WorkerNews.Figures(long number, ServerStatistics figures) -> {
                worker.figures = figures;
                toInquiry(number, inquiry -> inquiry.answered(worker));
            }
            case WorkerNews.Listed(long number, List<ConnectionInfo> page, int pagesLeft) -> {
                toInquiry(number, inquiry -> inquiry.found(page));
                if (pagesLeft == 0) {
                    toInquiry(number, inquiry -> inquiry.answered(worker));
                }
            }
            case WorkerNews.Stopped(ServerStatistics figures) -> {
                worker.figures = figures;
                worker.stage = Worker.Stage.STOPPED;
                noAnswerOf(worker);
                lookWhetherStopped();
            }
            case WorkerNews.Drained(ServerStatistics figures, WorkerNews.Outcome outcome) -> {
                worker.figures = figures;
                worker.stage = Worker.Stage.DRAINED;
                someCut |= outcome == WorkerNews.Outcome.SOME_CUT;
            }
        }
    }

    private void ready(Worker worker) {
        if (phase != Phase.STARTING && phase != Phase.OPEN) {
            return; // it is being ended
        }
        worker.ready();
        if (phase == Phase.STARTING && workers.stream().noneMatch(each -> each.stage == Worker.Stage.STARTING)) {
            phase = Phase.OPEN;
            serving.complete(null);
            staff();
        }
    }

    private void gone(Worker worker) {
        peak = Math.max(peak, sum().peak());
        workers.remove(worker);
        worker.line().close();
        if (!loads.isEmpty()) {
            SharedTurn.end(loads.get(worker.slot()));
        }
        past = past.plus(worker.figures.ofThePast());
        noAnswerOf(worker);
        if (worker.stage != Worker.Stage.DRAINED) {
            died(worker);
        }
        lookWhetherStopped();
        if (phase == Phase.OPEN) {
            staff();
        } else {
            lookWhetherAllGone();
        }
    }

    // ---- ending ----

    /** Has the workers accept no more. */
    void stop() {
        if (phase == Phase.STOPPING || phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.STOPPING;
        for (Worker worker : workers) {
            if (worker.stage == Worker.Stage.STARTING) {
                worker.process().kill();
            } else {
                worker.line().order(new WorkerOrder.Stop());
            }
        }
        after(ANSWER, this::refuse);
        lookWhetherStopped();
    }

    private void lookWhetherStopped() {
        if (phase == Phase.STOPPING && workers.stream().noneMatch(Worker::accepts)) {
            refuse();
        }
    }

    /** Not before the workers know: to them it is a socket that fails. */
    private void refuse() {
        if (!stopped.isDone()) {
            listener.refuse();
            stopped.complete(null);
        }
    }

    /** Has the workers drain, and ends those that take too long. */
    void endAll(Duration grace) {
        workers.forEach(worker -> worker.line().order(new WorkerOrder.Drain(grace)));
        after(
                grace.plus(LAST_WORDS),
                () -> workers.forEach(worker -> worker.process().kill()));
        lookWhetherAllGone();
    }

    /** Ends all at once. */
    void kill() {
        phase = Phase.CLOSED;
        workers.forEach(worker -> worker.process().kill());
        refuse();
        lookWhetherAllGone();
    }

    private void lookWhetherAllGone() {
        if (!allGone.isDone() && workers.isEmpty() && (phase == Phase.STOPPING || phase == Phase.CLOSED)) {
            loads.forEach(SharedLong::close);
            allGone.complete(null);
        }
    }

    // ---- telling ----

    /** Asks all workers that can answer. Completed by the thread, in bounded time. */
    CompletableFuture<List<ConnectionInfo>> inquire(Inquiry.Question question) {
        var inquiry = new Inquiry(
                ++lastInquiry, workers.stream().filter(Worker::listens).toList());
        inquiries.add(inquiry);
        inquiry.put(question);
        after(ANSWER, inquiry::end);
        return inquiry.answer().whenComplete((_, _) -> inquiries.remove(inquiry));
    }

    private void toInquiry(long number, Consumer<Inquiry> answer) {
        inquiries.stream().filter(inquiry -> inquiry.is(number)).findAny().ifPresent(answer);
    }

    private void noAnswerOf(Worker worker) {
        List.copyOf(inquiries).forEach(inquiry -> inquiry.answered(worker));
    }

    /** What all workers have done, by what they last said. */
    ServerStatistics statistics() {
        ServerStatistics sum = sum();
        peak = Math.max(peak, sum.peak());
        return sum.withPeak(peak);
    }

    private ServerStatistics sum() {
        return workers.stream().map(worker -> worker.figures).reduce(past, ServerStatistics::plus);
    }

    /** Does it in the thread when the time is over, if that is still there. */
    private void after(Duration time, Runnable action) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS, thread)
                .execute(action);
    }
}
