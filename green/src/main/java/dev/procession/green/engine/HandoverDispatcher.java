package dev.procession.green.engine;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ordinary virtual threads, of which only the one that was handed the turn runs.
 *
 * <p>With a {@linkplain Rung#BATON baton} the turn ends when the fiber suspends or ends. A wait in the JDK keeps it. On a
 * {@linkplain Rung#SINGLE_CARRIER single carrier} the turn ends also when the fiber waits in the JDK: the carrier then comes
 * back to the driver, and the fiber goes on when the JDK wakes it and the carrier is free.
 */
final class HandoverDispatcher extends Dispatcher {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(64);

    private final Rung rung;

    HandoverDispatcher(LongSupplier clock, @Nullable Random shuffle, Rung rung) {
        super(clock, shuffle, Spin.never());
        this.rung = rung;
    }

    @Override
    public Fiber fiber(String name, @Nullable Object bindings, Runnable body) {
        return new HandedFiber(this, name, body);
    }

    @Override
    public Thread driverThread(String name, Runnable body) {
        return Thread.ofVirtual()
                .name(name)
                .inheritInheritableThreadLocals(false)
                .unstarted(body);
    }

    @Override
    public void close() {
        // Threads that fibers left behind have the JDK's scheduler from the start.
    }

    @SuppressWarnings("ThreadPriorityCheck") // the driver yields its carrier to the one fiber that has the turn
    private void awaitEndOfTurn(HandedFiber fiber) {
        if (rung == Rung.SINGLE_CARRIER) {
            while (!fiber.tookTurn) {
                Thread.yield();
            }
            return;
        }
        long pauseNanos = FIRST_PAUSE_NANOS;
        while (!fiber.gaveBack) {
            long left = fiber.interruptFromNanos - timers().nanos();
            if (fiber.interruptFromNanos == Long.MAX_VALUE) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS); // a deadline may be set meanwhile
            } else if (left > 0) {
                LockSupport.parkNanos(this, Math.min(left, LOOK_AGAIN_NANOS));
            } else {
                if (waits(fiber.thread)) {
                    fiber.thread.interrupt();
                }
                LockSupport.parkNanos(this, pauseNanos);
                pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
            }
        }
    }

    private static boolean waits(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private static final class HandedFiber extends Fiber {
        private final HandoverDispatcher home;
        private final Thread thread;
        private boolean started;

        /** The turn was offered; cleared when taken. */
        private volatile boolean offered;

        /** Read by the driver while the fiber has the turn. */
        private volatile long interruptFromNanos = Long.MAX_VALUE;

        private volatile boolean tookTurn;
        private volatile boolean gaveBack;

        HandedFiber(HandoverDispatcher dispatcher, String name, Runnable body) {
            super(dispatcher);
            home = dispatcher;
            thread = Thread.ofVirtual()
                    .inheritInheritableThreadLocals(false)
                    .name(name)
                    .unstarted(() -> {
                        offered = false;
                        tookTurn = true;
                        try {
                            body.run();
                        } finally {
                            giveBack();
                        }
                    });
        }

        @Override
        public Thread thread() {
            return thread;
        }

        @Override
        public void run() {
            tookTurn = false;
            gaveBack = false;
            offered = true;
            home.owner = thread;
            if (started) {
                LockSupport.unpark(thread);
            } else {
                started = true;
                thread.start();
            }
            home.awaitEndOfTurn(this);
        }

        @Override
        public void interruptFrom(long nanos) {
            interruptFromNanos = nanos;
        }

        @Override
        void await(Object blocker) {
            takeNextTurn(blocker, /* askWhenInterrupted= */ true);
        }

        @Override
        void makeReady() {
            home.ready(this);
        }

        @Override
        public void yieldTurn() {
            home.ready(this);
            takeNextTurn(this, /* askWhenInterrupted= */ false);
        }

        /** Ends this turn and waits for the next. An interrupt is no turn: the thread queues for one like everybody. */
        private void takeNextTurn(Object blocker, boolean askWhenInterrupted) {
            boolean asks = askWhenInterrupted;
            boolean interrupted = false;
            giveBack();
            while (!offered) {
                if (Thread.interrupted()) {
                    interrupted = true;
                    if (asks) {
                        asks = false;
                        home.postThreadsafe(this::wakeInterrupted);
                    }
                }
                if (!offered) {
                    LockSupport.park(blocker);
                }
            }
            offered = false;
            tookTurn = true;
            if (interrupted) {
                thread.interrupt();
            }
        }

        /** On the loop: gives the interrupted fiber a turn unless it has one coming. */
        private void wakeInterrupted() {
            if (isSuspended()) {
                resume();
            }
        }

        private void giveBack() {
            gaveBack = true;
            LockSupport.unpark(home.driver());
        }
    }
}
