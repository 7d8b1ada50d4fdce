package dev.procession.green.engine;

import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads whose scheduler is this dispatcher: the driving platform thread mounts one at a time. Whatever wakes a
 * fiber, a resume or the JDK, brings it back into the one queue, so waits of either kind give the turn to the next.
 *
 * <p>A virtual thread that a fiber starts inherits its scheduler. It takes turns like everybody, and goes on under the JDK's
 * own scheduler when this one is closed.
 */
final class MountingDispatcher extends Dispatcher {
    private final Scheduler scheduler = new Scheduler();

    /** Whose submission is under way: a submission by the loop that answers to it is this fiber's. */
    private @Nullable MountedFiber submitting;

    private volatile boolean closed;

    MountingDispatcher(LongSupplier clock, @Nullable Random shuffle) {
        super(clock, shuffle, Spin.whileItPays());
    }

    static Object currentBindings() {
        // Asking makes the JDK find bindings that it had put aside.
        boolean _ = ANY.isBound();
        return Internals.bindings(Thread.currentThread());
    }

    private static final ScopedValue<Object> ANY = ScopedValue.newInstance();

    @Override
    public Fiber fiber(String name, @Nullable Object bindings, Runnable body) {
        Thread thread = Internals.virtualThreads(scheduler)
                .inheritInheritableThreadLocals(false)
                .name(name)
                .unstarted(body);
        if (bindings != null) {
            Internals.setBindings(thread, bindings);
        }
        return new MountedFiber(this, thread);
    }

    @Override
    public Thread driverThread(String name, Runnable body) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(body);
    }

    @Override
    public void close() {
        closed = true;
        rehome();
        if (Internals.defaultScheduler() instanceof ForkJoinPool elsewhere) {
            waits().moveTo(elsewhere);
        }
    }

    /** Gives what is ready to the JDK's scheduler: turns of virtual threads that fibers left behind. */
    private void rehome() {
        takeTurnsLeft(Internals.defaultScheduler()::execute);
    }

    /** A virtual thread's next turn, brought by the JDK. */
    private void takeIn(Runnable turn) {
        MountedFiber fiber = submitting;
        if (fiber != null && isOnLoop()) {
            submitting = null;
            if (fiber.turn == null) {
                fiber.turn = turn;
            } else {
                ready(fiber);
            }
        } else if (closed) {
            Internals.defaultScheduler().execute(turn);
        } else if (isOnLoop()) {
            ready(turn);
        } else {
            postFromOutside(turn);
            if (closed) { // meanwhile, and perhaps nobody looks any more
                rehome();
            }
        }
    }

    private static final class MountedFiber extends Fiber {
        private final MountingDispatcher home;
        private final Thread thread;

        /** Mounts the thread and runs it until it waits. Known from its start on. */
        private @Nullable Runnable turn;

        MountedFiber(MountingDispatcher dispatcher, Thread thread) {
            super(dispatcher);
            home = dispatcher;
            this.thread = thread;
        }

        @Override
        public Thread thread() {
            return thread;
        }

        @Override
        public void run() {
            if (turn == null) {
                home.submitting = this;
                thread.start();
            }
            home.owner = thread;
            Objects.requireNonNull(turn).run();
        }

        @Override
        void await(Object blocker) {
            while (isSuspended() && !thread.isInterrupted()) {
                LockSupport.park(blocker);
            }
        }

        @Override
        void makeReady() {
            home.submitting = this;
            LockSupport.unpark(thread);
            home.submitting = null; // nothing was submitted if an interrupt woke it just now
        }

        @Override
        @SuppressWarnings("ThreadPriorityCheck") // with this scheduler a yield is a way to the end of the line, no hint
        public void yieldTurn() {
            home.submitting = this;
            Thread.yield();
        }
    }

    /** The JDK gives timed waits to a scheduler only if it is a {@link ForkJoinPool}. No thread of the pool ever starts. */
    private final class Scheduler extends ForkJoinPool implements Executor {
        Scheduler() {
            super(1);
        }

        @Override
        public void execute(Runnable turn) {
            takeIn(turn);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            if (closed && Internals.defaultScheduler() instanceof ForkJoinPool elsewhere) {
                return elsewhere.schedule(command, delay, unit);
            }
            return waits().after(unit.toNanos(delay), command);
        }
    }
}
