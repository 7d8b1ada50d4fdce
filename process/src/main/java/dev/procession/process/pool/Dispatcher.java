package dev.procession.process.pool;

import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UnencodableException;
import dev.procession.core.spi.PoolTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
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
    /** Calls that take longer are not worth sending ahead: waking a worker costs some 50 microseconds. */
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    /** How much work is sent ahead to one worker, at most. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long MOST_AHEAD = 48;
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How far the pool is on its way to its end. */
    enum Phase {
        OPEN,
        /** No more calls come; those that are here are made. */
        SHUT_DOWN,
        /** Those that wait were given back, those that run were told to stop. */
        STOPPED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final PoolSettings settings;
    private final Crew crew;

    /** All that have not ended, by number. Changed under the lock, looked at without it. */
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();

    // Guarded by lock.
    private final TaskQueue queue = new TaskQueue();
    private final Map<Long, Link.Broadcast> broadcasts = new ConcurrentHashMap<>();
    private Phase phase = Phase.OPEN;
    private @Nullable Throwable broken;
    private long typicalNanos = LONG_NANOS;

    Dispatcher(PoolSettings settings, Engine engine, WorkerProcess.Starter starter) {
        this.settings = settings;
        this.crew = new Crew(engine, this, settings, starter);
    }

    Crew crew() {
        return crew;
    }

    /** What is to be done once the lock was given back. */
    static final class Plan {
        private final List<Send> sends = new ArrayList<>(1);
        private final List<Runnable> others = new ArrayList<>(0);

        /** As it was decided: if the call has gone to another worker since, this one passes the offer over. */
        private record Send(Call call, Link link, long offer) {}

        void send(Call call, Link link) {
            sends.add(new Send(call, link, call.offer));
        }

        void then(Runnable action) {
            others.add(action);
        }
    }

    /** Changes something under the lock, and then does what follows from it. By a thread that does not hold the lock. */
    void change(Consumer<Plan> change) {
        var plan = new Plan();
        lock.lock();
        try {
            change.accept(plan);
        } finally {
            lock.unlock();
        }
        carryOut(plan);
    }

    private void carryOut(Plan plan) {
        for (Plan.Send send : plan.sends) {
            send.link().send(send.call(), send.offer(), broadcasts);
        }
        plan.others.forEach(Runnable::run);
    }

    Phase phase() {
        return phase;
    }

    boolean hasCalls() {
        return !calls.isEmpty();
    }

    int queued() {
        return queue.size();
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
        var plan = new Plan();
        boolean inCaller;
        lock.lock();
        try {
            inCaller = !admit(call, plan);
        } finally {
            lock.unlock();
        }
        if (inCaller) {
            CallerRun.run(call, this::ended);
        } else {
            carryOut(plan);
        }
    }

    private static void fail(PoolTask<?> task, Throwable failure) {
        if (task.start()) {
            boolean _ = task.fail(failure);
        }
    }

    /** False if the caller is to run it. */
    private boolean admit(Call call, Plan plan) {
        ensureOpen();
        if (broken != null) {
            plan.then(() -> fail(call.task, broken));
            return true;
        }
        Link link = crew.freeWorker();
        if (link == null && queue.isEmpty() && call.mayWaitWithAWorker() && depth() > 1) {
            link = leastBusy();
        }
        if (link == null && queue.size() >= settings.queueCapacity() && !awaitRoom(call)) {
            calls.put(call.number(), call);
            return false;
        }
        calls.put(call.number(), call);
        if (link != null) {
            assign(call, link, plan);
        } else {
            queue.add(call);
            dispatch(plan); // a worker may have become free while room was awaited
            crew.adjust(plan);
        }
        return true;
    }

    private void ensureOpen() {
        if (phase != Phase.OPEN) {
            throw new RejectedExecutionException("the pool is shut down: pool=" + settings.name());
        }
    }

    /** False if the caller is to run it. */
    private boolean awaitRoom(Call call) {
        return switch (settings.whenFull()) {
            case CALLER_RUNS -> false;
            case REJECT -> throw new RejectedExecutionException("the queue is full: pool=" + settings.name()
                    + ", queueCapacity=" + settings.queueCapacity() + ", task=" + call.task.name());
            case BLOCK -> {
                try {
                    while (queue.size() >= settings.queueCapacity()) {
                        room.await();
                        ensureOpen();
                    }
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    throw new RejectedExecutionException(
                            "interrupted while waiting for room in the queue: pool=" + settings.name());
                }
                yield true;
            }
        };
    }

    /** How many calls a worker may have at once. */
    private long depth() {
        return typicalNanos > QUICK_NANOS ? 1 : Math.clamp(AHEAD_NANOS / Math.max(1, typicalNanos), 1, MOST_AHEAD);
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
                && link.calls.size() < depth()
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
        Link link;
        while (!queue.isEmpty() && (link = crew.freeWorker()) != null) {
            fill(link, plan);
        }
    }

    /** Gives a worker what it should have, from the queue and then from others. */
    private void fill(Link link, Plan plan) {
        if (link.stage != Link.Stage.READY || link.spare) {
            return;
        }
        Call next;
        while ((next = queue.peek()) != null
                && (link.calls.isEmpty() || (next.mayWaitWithAWorker() && mayHaveOneMore(link)))) {
            boolean _ = queue.remove(next);
            room.signal();
            assign(next, link, plan);
            if (link.stage != Link.Stage.READY) {
                return;
            }
        }
        if (link.calls.isEmpty()) {
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
            learn(now - Math.max(call.startedNanos, link.lastReplyNanos));
            link.lastReplyNanos = now;
            forget(call);
            free(link, plan);
        } finally {
            lock.unlock();
        }
        carryOut(plan);
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

    private void learn(long tookNanos) {
        typicalNanos += (Math.min(tookNanos, LONG_NANOS) - typicalNanos) / 8;
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
        calls.remove(call.number());
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
            if (call != null && queue.remove(call)) {
                forget(call);
                room.signal();
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
        plan.then(call.task::gone);
        free(link, plan);
        return true;
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
        carryOut(plan);
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

    // ---- a worker dies

    /**
     * A worker is dead: what it had not begun on goes back to the queue, and others get it.
     *
     * @return the calls it had begun on: one at most, unless it did not keep to the rules
     */
    List<Call> died(Link link) {
        var plan = new Plan();
        List<Call> lost = new ArrayList<>(1);
        lock.lock();
        try {
            Link.Stage before = link.stage;
            link.stage = Link.Stage.DEAD;
            for (Call call : List.copyOf(link.calls.sequencedValues().reversed())) {
                if (link.channel.claims().revoke(call.offer)) {
                    link.calls.remove(call.offer);
                    putBack(call, plan);
                } else {
                    lost.add(call);
                }
            }
            crew.lost(link, before, plan);
            dispatch(plan);
        } finally {
            lock.unlock();
        }
        carryOut(plan);
        return lost;
    }

    private void putBack(Call call, Plan plan) {
        call.link = null;
        if (call.task.putBack()) {
            queue.putBack(call);
        } else {
            forget(call);
            plan.then(() -> change(crew::adjust));
        }
    }

    /** A call whose worker died with it: goes on to another if it may. False if that is its end. */
    boolean retry(Call call, Link dead) {
        var plan = new Plan();
        lock.lock();
        try {
            dead.calls.remove(call.offer);
            call.deaths++;
            int retries = call.task.options().retries().orElse(settings.retries());
            boolean again = !call.killed && phase != Phase.STOPPED && call.deaths <= retries && broken == null;
            if (!again) {
                forget(call);
                crew.adjust(plan);
                return false;
            }
            call.link = null;
            if (call.task.requeue()) {
                queue.putBack(call);
                dispatch(plan);
            } else {
                forget(call);
            }
            crew.adjust(plan);
            return true;
        } finally {
            lock.unlock();
            carryOut(plan);
        }
    }

    // ---- the pool ends

    void shutDown() {
        change(plan -> {
            if (phase == Phase.OPEN) {
                phase = Phase.SHUT_DOWN;
            }
            room.signalAll();
            crew.adjust(plan);
        });
    }

    /** Stops; gives what never ran, to be cancelled by the caller, and what runs, to be asked to stop. */
    Stopped stop() {
        lock.lock();
        try {
            phase = Phase.STOPPED;
            room.signalAll();
            List<Call> waiting = queue.drain();
            var notBegun = new ArrayList<PoolTask<?>>();
            waiting.forEach(call -> {
                calls.remove(call.number());
                notBegun.add(call.task);
            });
            return new Stopped(
                    notBegun, calls.values().stream().<PoolTask<?>>map(call -> call.task).toList());
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
            for (Call call : queue.drain()) {
                forget(call);
                plan.then(() -> fail(call.task, cause));
            }
            room.signalAll();
            crew.adjust(plan);
        });
    }

    // ---- values for all

    void broadcast(long key, Encoded value) {
        broadcasts.put(key, new Link.Broadcast(key, value));
    }

    void dropBroadcast(long key) {
        broadcasts.remove(key);
    }
}
