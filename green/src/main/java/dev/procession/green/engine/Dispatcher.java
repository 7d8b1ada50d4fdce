package dev.procession.green.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets fibers and callbacks take turns: one at a time, in the order in which they became ready. All of them and the thread
 * that {@linkplain #drive drives} exclude each other, and each turn sees what the turns before it did.
 *
 * <p>The calls marked "on the loop" belong to fibers and callbacks during their turn, and to whoever prepares the dispatcher
 * before it is driven.
 *
 * <p>Work goes in rounds: what came from other threads is queued behind what is ready, timers that are due fire, and then
 * everything that is ready by now gets one turn. What becomes ready meanwhile waits for the next round.
 */
public abstract class Dispatcher {
    /** Something short to do on the loop. Not kept when the loop closes. */
    @FunctionalInterface
    public interface Callback extends Runnable {}

    /** Decides what the loop does when it has nothing to do, and looks after it. */
    public interface Keeper {
        /**
         * Tells whether the loop may stop; asked after each round.
         *
         * @return true to leave {@link #drive}
         */
        boolean isDone();

        /**
         * Called when nothing is ready. May make something ready.
         *
         * @return how many nanoseconds to wait for something to become ready from outside, at most; 0 to look again
         */
        long idle();

        /** Called after each round. */
        void roundEnded();
    }

    /**
     * What wakes the loop beside its timers and other threads. The driving thread rests in it instead of parking, and asks it between
     * rounds, so that those who are always ready do not keep out what it brings.
     */
    public interface Poller {
        /**
         * Waits until there is something, or {@link #wakeUp} was called since the last wait.
         *
         * @param nanos how long at most; 0 does not wait; {@link Long#MAX_VALUE} is for ever
         */
        void await(long nanos);

        /** Makes ready what there was; on the loop. */
        void dispatch();

        /** Ends the wait that is under way, or the next one; from any thread. */
        void wakeUp();

        /** Gives back what it has. */
        void close();
    }

    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final Queue<Runnable> inbound = new ConcurrentLinkedQueue<>();
    private final Timers timers;

    /** The timed waits of virtual threads in the JDK, which count real time whatever the loop's clock is. */
    private final Timers waits = new Timers(System::nanoTime);

    private final @Nullable Random shuffle;
    private final Spin spin;

    /** How many fibers wait in {@link Fiber#suspend}. */
    int suspended;

    /** The thread whose turn it is, where known; read by other threads only to find that it is not they. */
    @Nullable
    Thread owner;

    /** The thread in {@link #drive}. */
    private volatile @Nullable Thread driver;

    private volatile boolean idle;

    /** Set once, on the loop. */
    private volatile @Nullable Poller poller;

    /** Counts turns, for those who watch from outside how long one takes. Odd while one is under way. */
    private volatile long turns;

    private static final VarHandle TURNS;

    static {
        try {
            TURNS = MethodHandles.lookup().findVarHandle(Dispatcher.class, "turns", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    Dispatcher(LongSupplier clock, @Nullable Random shuffle, Spin spin) {
        this.timers = new Timers(clock);
        this.shuffle = shuffle;
        this.spin = spin;
    }

    /**
     * Makes one of the rung in use.
     *
     * @param clock the loop's time in nanoseconds
     * @param shuffle mixes the order within each round; null for first come, first served
     * @return a dispatcher that nobody drives yet
     */
    public static Dispatcher create(LongSupplier clock, @Nullable Random shuffle) {
        return switch (Engine.rung()) {
            case FLAG, REFLECTION -> new MountingDispatcher(clock, shuffle);
            case SINGLE_CARRIER, BATON -> new HandoverDispatcher(clock, shuffle, Engine.rung());
        };
    }

    /**
     * Makes a fiber; on the loop.
     *
     * @param name its thread's name
     * @param bindings what {@link #bindings} returned where the scoped values are to come from
     * @param body what it does; throws nothing
     * @return a fiber that has not started
     */
    public abstract Fiber fiber(String name, @Nullable Object bindings, Runnable body);

    /**
     * The scoped values of the current thread, in a form that {@link #fiber} takes. Null where this rung cannot hand them on.
     *
     * @return the bindings
     */
    public static @Nullable Object bindings() {
        return Engine.rung().isInternal() ? MountingDispatcher.currentBindings() : null;
    }

    /**
     * Makes the thread that is to drive.
     *
     * @param name its name
     * @param body calls {@link #drive}
     * @return a thread that has not started
     */
    public abstract Thread driverThread(String name, Runnable body);

    /**
     * Tells what else wakes the loop; on the loop, once.
     *
     * @param other what to ask and where to rest from now on
     */
    public final void pollWith(Poller other) {
        poller = other;
    }

    /** Ends this dispatcher: virtual threads that its fibers started and left behind go on elsewhere. */
    public abstract void close();

    /**
     * The timers of the loop's clock, which fire on the loop.
     *
     * @return the timers; used on the loop only
     */
    public final Timers timers() {
        return timers;
    }

    final @Nullable Thread driver() {
        return driver;
    }

    final Timers waits() {
        return waits;
    }

    /**
     * Queues a callback; on the loop. What it throws ends {@link #drive}.
     *
     * @param callback runs on the driving thread, in its turn
     */
    public final void post(Callback callback) {
        ready(callback);
    }

    /**
     * Queues a callback; from any thread. It comes after what is ready when the current round ends.
     *
     * @param callback runs on the driving thread, in its turn
     */
    public final void postThreadsafe(Callback callback) {
        postFromOutside(callback);
    }

    /**
     * Tells whether the current thread is the one whose turn it is.
     *
     * @return whether it is; false also for a virtual thread on this loop that is no fiber
     */
    final boolean isOnLoop() {
        Thread current = Thread.currentThread();
        return current == owner || current == driver;
    }

    /** Says that it is this fiber's turn, which the dispatcher does not see when a wait in the JDK ends. */
    public final void claim(Fiber current) {
        owner = current.thread();
    }

    /**
     * How many fibers are suspended; on the loop.
     *
     * @return those between {@link Fiber#suspend} and {@link Fiber#resume}
     */
    public final int suspendedCount() {
        return suspended;
    }

    /**
     * A number that changes when a turn begins and when it ends. For observers.
     *
     * @return the number
     */
    public final long turns() {
        return turns;
    }

    /**
     * Tells whether a turn was under way at that number.
     *
     * @param turns what {@link #turns} returned
     * @return whether it was
     */
    public static boolean isTurn(long turns) {
        return (turns & 1) != 0;
    }

    /**
     * The thread whose turn it is, found from outside and so perhaps outdated.
     *
     * @return the driver's during a callback, a fiber's during its turn; null if there is none, or it is not known because a
     *     fiber came back from a wait in the JDK
     */
    public final @Nullable Thread holder() {
        return owner;
    }

    /**
     * Gives turns until the keeper says it is done. One thread at a time, made by {@link #driverThread}.
     *
     * @param keeper decides
     */
    public final void drive(Keeper keeper) {
        driver = Thread.currentThread();
        boolean rested = false;
        try {
            while (!keeper.isDone()) {
                for (Runnable from = inbound.poll(); from != null; from = inbound.poll()) {
                    ready.add(from);
                }
                if (!waits.isEmpty()) {
                    waits.fireDue();
                }
                if (!timers.isEmpty()) {
                    timers.fireDue();
                }
                int count = ready.size();
                if (count == 0) {
                    rest(Math.min(keeper.idle(), waits.nanosToNext()));
                    rested = true;
                    continue;
                }
                if (!rested) {
                    pollNow();
                }
                rested = false;
                if (shuffle != null) {
                    mix();
                }
                for (; count > 0; count--) {
                    TURNS.setRelease(this, turns + 1);
                    Runnable turn = ready.remove();
                    if (turn instanceof Callback) {
                        owner = driver;
                    }
                    turn.run();
                    owner = null;
                    TURNS.setRelease(this, turns + 1);
                }
                keeper.roundEnded();
            }
        } finally {
            driver = null;
        }
    }

    final void ready(Runnable turn) {
        ready.add(turn);
        wakeIfIdle();
    }

    final void postFromOutside(Runnable turn) {
        inbound.add(turn);
        wakeIfIdle();
    }

    /** Lets the driver look around again, if it rests. */
    public final void wakeIfIdle() {
        if (idle) {
            Poller other = poller;
            if (other != null) {
                other.wakeUp();
            }
            LockSupport.unpark(driver);
        }
    }

    /** Takes out what is ready and comes from virtual threads that are no fibers. */
    final void takeTurnsLeft(Consumer<Runnable> taker) {
        for (Queue<Runnable> queue : List.of(ready, inbound)) {
            for (Runnable turn = queue.poll(); turn != null; turn = queue.poll()) {
                if (!(turn instanceof Callback) && !(turn instanceof Fiber)) {
                    taker.accept(turn);
                }
            }
        }
    }

    private void pollNow() {
        Poller other = poller;
        if (other != null) {
            other.await(0);
            other.dispatch();
        }
    }

    private void restIn(Poller other, long nanos) {
        idle = true;
        try {
            other.await(inbound.isEmpty() && ready.isEmpty() ? nanos : 0);
        } finally {
            idle = false;
        }
        other.dispatch();
    }

    private void rest(long nanos) {
        Poller other = poller;
        if (other != null) {
            restIn(other, Math.max(0, nanos));
            return;
        }
        if (nanos <= 0 || spin.sees(inbound, nanos)) {
            return;
        }
        long began = System.nanoTime();
        idle = true;
        try {
            if (inbound.isEmpty() && ready.isEmpty()) {
                if (nanos == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, nanos);
                }
            }
        } finally {
            idle = false;
        }
        if (!inbound.isEmpty()) {
            spin.woken(System.nanoTime() - began);
        }
    }

    private void mix() {
        List<Runnable> round = new ArrayList<>(ready);
        Collections.shuffle(round, shuffle);
        ready.clear();
        ready.addAll(round);
    }
}
