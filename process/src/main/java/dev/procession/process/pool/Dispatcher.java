package dev.procession.process.pool;

import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UnencodableException;
import dev.procession.core.spi.Backlog;
import dev.procession.core.spi.PoolTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings calls and workers together.
 *
 * <p>A call goes to a free worker; if there is none, to a busy one, as long as calls are quick (then its next one is there
 * when it is done with the last, and nobody need be woken); else into the queue. A worker that has nothing to do takes from
 * the queue, then back from others what those have not begun on. So no worker is free while a call waits.
 *
 * <p>Everything here is guarded by one lock, under which nothing waits, and no code of a user runs. What must be done
 * after it is given back is collected in a {@link Plan}.
 */
final class Dispatcher {
    /** How far the pool is on its way to its end. */
    enum Phase {
        OPEN,
        /** No more calls come; those that are here are made. */
        SHUT_DOWN,
        /** Those that wait were given back, those that run were told to stop. */
        STOPPED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final PoolSettings settings;
    private final Crew crew;

    /** What waits for a worker. Has a lock of its own, taken last. */
    private final Backlog backlog;

    /** All that have not ended, by number. Changed under the lock, looked at without it. */
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    // Guarded by lock.
    private final Map<Long, Link.Broadcast> broadcasts = new ConcurrentHashMap<>();
    private final Pace pace = new Pace();
    private volatile Phase phase = Phase.OPEN;
    private @Nullable Throwable broken;
    private int toldBacklog;

    Dispatcher(PoolSettings settings, Engine engine, WorkerProcess.Starter starter) {
        this.settings = settings;
        this.backlog =
                new Backlog(settings.name(), settings.queueCapacity(), settings.whenFull(), settings.maxWorkers());
        this.crew = new Crew(engine, this, settings, starter);
    }

    Crew crew() {
        return crew;
    }

    /** Changes something under the lock, and then does what follows from it. By a thread that does not hold the lock. */
    void change(Consumer<Plan> change) {
        var plan = new Plan();
        lock.lock();
        try {
            change.accept(plan);
            tellBacklog();
        } finally {
            lock.unlock();
        }
        plan.carryOut(broadcasts);
    }

    /** To whoever looks from outside. A worker that starts hears of it when it changes next; until then the others know. */
    private void tellBacklog() {
        int waiting = backlog.size();
        if (waiting != toldBacklog) {
            toldBacklog = waiting;
            for (Link each : crew.links()) {
                each.channel.tellBacklog(waiting);
            }
        }
    }

    Phase phase() {
        return phase;
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    int queued() {
        return backlog.size();
    }

    /** The pool runs another number of calls at the same time. */
    void resize(int workers) {
        backlog.resize(workers);
    }

    // ---- a call comes

    void enqueue(PoolTask<?> task) {
        Call call;
        try {
            call = Call.of(task);
        } catch (UnencodableException e) {
            ensureOpen();
            fail(task, e);
            return;
        }
        calls.put(call.number(), call); // first: once it is in the backlog it may be taken
        boolean admitted = false;
        boolean inCaller = false;
        try {
            admitted = backlog.admit(task);
            inCaller = !admitted;
        } finally {
            if (!admitted && !inCaller) {
                change(plan -> {
                    calls.remove(call.number());
                    crew.adjust(plan);
                });
            }
        }
        if (inCaller) {
            CallerRun.run(call, this::ended);
        } else {
            change(this::admitted);
        }
    }

    private void ensureOpen() {
        if (phase != Phase.OPEN) {
            throw new RejectedExecutionException("the pool is shut down: pool=" + settings.name());
        }
    }

    private static void fail(PoolTask<?> task, Throwable failure) {
        if (task.start()) {
            boolean _ = task.fail(failure);
        }
    }

    /** A call more waits. */
    private void admitted(Plan plan) {
        if (broken != null) {
            failAll(broken, plan);
            return;
        }
        dispatch(plan);
        if (pace.depth() > 1) {
            Link link = leastBusy();
            if (link != null) {
                fill(link, plan);
            }
        }
        crew.adjust(plan);
    }

    private @Nullable Link leastBusy() {
        Link best = null;
        for (Link each : crew.links()) {
            if (mayHaveOneMore(each) && (best == null || each.calls.size() < best.calls.size())) {
                best = each;
            }
        }
        return best;
    }

    /** Nothing is sent ahead to a worker that is at something long, or about to get something large. */
    private boolean mayHaveOneMore(Link link) {
        return link.stage == Link.Stage.READY
                && !link.spare
                && link.calls.size() < pace.depth()
                && link.hasPlace()
                && link.calls.values().stream().allMatch(Call::mayWaitWithAWorker);
    }

    // ---- a call goes to a worker

    /** Gives a worker a call; does nothing if the call is not wanted any more. */
    private void assign(Call call, Link link, Plan plan) {
        if (!call.task.start()) {
            forget(call);
            return;
        }
        offer(call, link, plan);
    }

    private void offer(Call call, Link link, Plan plan) {
        call.link = link;
        call.offer = ++link.lastOffer;
        call.startedNanos = System.nanoTime();
        link.calls.put(call.offer, call);
        link.channel.claims().offer(call.offer);
        link.channel.crowd(crew.busyCount());
        crew.assigned(link, plan);
        plan.send(call, link);
    }

    /** Gives free workers what waits. */
    void dispatch(Plan plan) {
        Link link = crew.freeWorker();
        while (link != null) {
            Call next = next();
            if (next == null) {
                return;
            }
            assign(next, link, plan);
            link = crew.freeWorker();
        }
    }

    /** The first that waits, taken out; null if none does. */
    private @Nullable Call next() {
        PoolTask<?> task;
        while ((task = backlog.poll()) != null) {
            Call call = calls.get(task.number());
            if (call != null) {
                call.polled = true;
                return call;
            }
            backlog.left(); // withdrawn at this very moment
        }
        return null;
    }

    private void putBack(Call call) {
        call.link = null;
        call.polled = false;
        backlog.putBack(call.task);
    }

    /** Gives a worker what it should have, from the backlog and then from others. */
    private void fill(Link link, Plan plan) {
        while (link.stage == Link.Stage.READY && !link.spare && (link.calls.isEmpty() || mayHaveOneMore(link))) {
            Call next = next();
            if (next == null) {
                break;
            }
            if (!link.calls.isEmpty() && !next.mayWaitWithAWorker()) {
                putBack(next);
                break;
            }
            assign(next, link, plan);
        }
        if (link.isFree()) {
            relieve(link, plan);
        }
    }

    /** Moves what another worker has not begun on to one that has nothing to do. */
    private void relieve(Link idle, Plan plan) {
        Link busiest = null;
        for (Link each : crew.links()) {
            if (each.calls.size() > 1 && (busiest == null || each.calls.size() > busiest.calls.size())) {
                busiest = each;
            }
        }
        if (busiest != null) {
            int wanted = busiest.calls.size() / 2;
            for (Call call : List.copyOf(busiest.calls.sequencedValues().reversed())) {
                if (wanted-- == 0 || !idle.hasPlace() || idle.stage != Link.Stage.READY) {
                    return;
                }
                if (busiest.channel.claims().revoke(call.offer)) {
                    busiest.calls.remove(call.offer);
                    offer(call, idle, plan);
                }
            }
        }
    }

    // ---- a call ends

    /**
     * A worker has replied.
     *
     * @return the call, or null if it is not known any more
     */
    @Nullable
    Call replied(Link link, long offer) {
        var plan = new Plan();
        Call call;
        lock.lock();
        try {
            call = link.calls.remove(offer);
            if (call == null) {
                return null;
            }
            long now = System.nanoTime();
            pace.learn(now - Math.max(call.startedNanos, link.lastReplyNanos));
            link.lastReplyNanos = now;
            forget(call);
            free(link, plan);
            tellBacklog();
        } finally {
            lock.unlock();
        }
        plan.carryOut(broadcasts);
        return call;
    }

    /** The call a worker has, by its offer; null if it has it no more. */
    @Nullable
    Call callOf(Link link, long offer) {
        lock.lock();
        try {
            return link.calls.get(offer);
        } finally {
            lock.unlock();
        }
    }

    /** A worker has one call less. */
    private void free(Link link, Plan plan) {
        fill(link, plan);
        if (link.calls.isEmpty()) {
            crew.idle(link, plan);
        }
    }

    private void forget(Call call) {
        call.link = null;
        if (calls.remove(call.number()) != null && call.polled) {
            backlog.left();
        }
    }

    /** A call has ended that no worker had. */
    private void ended(Call call) {
        change(plan -> {
            forget(call);
            crew.adjust(plan);
        });
    }

    // ---- a call is not wanted any more

    void withdraw(PoolTask<?> task) {
        change(plan -> {
            Call call = calls.get(task.number());
            if (call != null && backlog.remove(task)) {
                forget(call);
                crew.adjust(plan);
            }
        });
    }

    void interrupt(PoolTask<?> task) {
        change(plan -> {
            Call call = calls.get(task.number());
            if (call != null && !takeBack(call, plan)) {
                if (call.link != null) {
                    call.link.channel.orders().interrupt(call.offer);
                } else if (call.inCaller != null) {
                    call.inCaller.interrupt();
                }
            }
        });
    }

    /** The worker that has this call and nothing else to do; null if there is none. */
    @Nullable
    Link onlyOneOf(PoolTask<?> task) {
        lock.lock();
        try {
            Call call = calls.get(task.number());
            Link link = call == null ? null : call.link;
            return link != null && link.calls.size() == 1 && backlog.size() == 0 ? link : null;
        } finally {
            lock.unlock();
        }
    }

    boolean hasBegun(PoolTask<?> task) {
        lock.lock();
        try {
            Call call = calls.get(task.number());
            return call != null
                    && (call.inCaller != null
                            || (call.link != null && call.link.channel.claims().isTaken(call.offer)));
        } finally {
            lock.unlock();
        }
    }

    /** Whether the call has come back before its worker began on it; then it is gone. */
    private boolean takeBack(Call call, Plan plan) {
        Link link = call.link;
        if (link == null || !link.channel.claims().revoke(call.offer)) {
            return false;
        }
        link.calls.remove(call.offer);
        forget(call);
        boolean stopped = phase == Phase.STOPPED;
        plan.then(() -> endUnbegun(call.task, stopped));
        free(link, plan);
        return true;
    }

    /** A task that was asked to stop before its worker began on it, by its future, its pool, or its deadline. */
    private static void endUnbegun(PoolTask<?> task, boolean stopped) {
        if (task.future().isDone()) {
            task.gone();
        } else if (stopped) {
            boolean _ = task.future().cancel(/* mayInterruptIfRunning= */ false);
            task.gone();
        } else {
            boolean _ = task.fail(task.deadlineFailure(null));
        }
    }

    /** The call that is to be killed, unless it has come back. */
    @Nullable
    Call doomed(PoolTask<?> task) {
        var plan = new Plan();
        Call call;
        lock.lock();
        try {
            call = calls.get(task.number());
            if (call != null && (call.link == null || takeBack(call, plan))) {
                call = null;
            }
        } finally {
            lock.unlock();
        }
        plan.carryOut(broadcasts);
        return call;
    }

    /** The worker a call is with, now that it is decided to kill that one for it; null if the call has left it. */
    @Nullable
    Link condemn(Call call) {
        lock.lock();
        try {
            call.killed = call.link != null;
            return call.link;
        } finally {
            lock.unlock();
        }
    }

    // ---- a worker is worn, or dies

    /** A worker begins on nothing more: what it was sent ahead goes back to the queue, and others get it. */
    void worn(Link link) {
        change(plan -> {
            for (Call call : List.copyOf(link.calls.sequencedValues().reversed())) {
                if (link.channel.claims().revoke(call.offer)) {
                    link.calls.remove(call.offer);
                    comeBack(call, plan);
                }
            }
            crew.worn(link, plan);
            dispatch(plan);
        });
    }

    /**
     * A worker is dead: what it had not begun on goes back to the queue, and others get it.
     *
     * @return what that leaves to be told
     */
    Death died(Link link) {
        var plan = new Plan();
        List<Call> lost = new ArrayList<>(1);
        Link.Stage before;
        lock.lock();
        try {
            before = link.stage;
            link.stage = Link.Stage.DEAD;
            for (Call call : List.copyOf(link.calls.sequencedValues().reversed())) {
                if (link.channel.claims().revoke(call.offer)) {
                    link.calls.remove(call.offer);
                    comeBack(call, plan);
                } else {
                    lost.add(call);
                }
            }
            crew.lost(link, before, plan);
            dispatch(plan);
            tellBacklog();
        } finally {
            lock.unlock();
        }
        plan.carryOut(broadcasts);
        return new Death(before, lost);
    }

    /**
     * What a death has left.
     *
     * @param before what the worker was good for
     * @param lost the calls it had begun on: one at most, unless it did not keep to the rules
     */
    record Death(Link.Stage before, List<Call> lost) {}

    private void comeBack(Call call, Plan plan) {
        if (call.task.putBack()) {
            putBack(call);
        } else {
            forget(call);
            plan.then(() -> change(crew::adjust));
        }
    }

    /** A call whose worker died with it: goes on to another if it may. False if that is its end. */
    boolean retry(Call call, Link dead) {
        boolean[] again = new boolean[1];
        change(plan -> {
            dead.calls.remove(call.offer);
            call.deaths++;
            int retries = call.task.options().retries().orElse(settings.retries());
            again[0] = !call.killed && phase != Phase.STOPPED && call.deaths <= retries && broken == null;
            if (again[0] && call.task.requeue()) {
                putBack(call);
                dispatch(plan);
            } else {
                forget(call);
            }
            crew.adjust(plan);
        });
        return again[0];
    }

    // ---- the pool ends

    void shutDown() {
        change(plan -> {
            if (phase == Phase.OPEN) {
                phase = Phase.SHUT_DOWN;
            }
            backlog.close();
            crew.adjust(plan);
        });
    }

    /** Stops; gives what never ran, to be cancelled by the caller, and what runs, to be asked to stop. */
    Stopped stop() {
        lock.lock();
        try {
            phase = Phase.STOPPED;
            backlog.close();
            List<PoolTask<?>> waiting = backlog.drain();
            waiting.forEach(task -> calls.remove(task.number()));
            return new Stopped(
                    waiting,
                    calls.values().stream().<PoolTask<?>>map(call -> call.task).toList());
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a stopped pool had.
     *
     * @param waiting calls that never ran
     * @param running calls that workers have
     */
    record Stopped(List<PoolTask<?>> waiting, Collection<PoolTask<?>> running) {}

    /** No worker can be had: all that waits, and all that comes, fails for that reason. */
    void breakDown(Throwable cause) {
        change(plan -> {
            broken = cause;
            failAll(cause, plan);
        });
    }

    private void failAll(Throwable cause, Plan plan) {
        for (PoolTask<?> task : backlog.drain()) {
            calls.remove(task.number());
            plan.then(() -> fail(task, cause));
        }
        crew.adjust(plan);
    }

    // ---- values for all

    void broadcast(long key, Encoded value) {
        broadcasts.put(key, new Link.Broadcast(key, value));
    }

    void dropBroadcast(long key) {
        broadcasts.remove(key);
    }
}
