package dev.procession.green.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/**
 * What the engine does once, when it starts. All of it runs on a platform thread of its own: a virtual thread cannot carry
 * another, and what it starts inherits its scheduler. And none of it may touch {@link Engine}, whose initializer waits.
 */
final class SelfTest {
    private SelfTest() {}

    /**
     * Lets a continuation stop and go on, and a virtual thread park and go on, both on one thread of ours.
     *
     * @throws ExecutionException if either behaves otherwise, or is not there
     */
    static void internals() throws ExecutionException {
        onPlatformThread(() -> {
            continuationStopsAndGoesOn();
            virtualThreadObeysItsScheduler();
        });
    }

    /**
     * Lets the JDK start its socket pollers. They are virtual threads; started by a task's first read they would inherit the
     * scheduler of the task's loop and end with it, and with them all socket input and output of this JVM.
     *
     * @throws ExecutionException if this JDK has none of that name
     */
    static void warmUpPollers() throws ExecutionException {
        onPlatformThread(() -> {
            try {
                Class.forName("sun.nio.ch.Poller", true, null);
            } catch (ClassNotFoundException renamed) {
                throw new IllegalStateException("this JDK has no sun.nio.ch.Poller", renamed);
            }
        });
    }

    private static void continuationStopsAndGoesOn() {
        List<String> seen = new ArrayList<>();
        Object continuation = Internals.newContinuation(() -> {
            seen.add("a");
            Internals.yieldContinuation();
            seen.add("b");
        });
        Internals.run(continuation);
        seen.add("-");
        Internals.run(continuation);
        ensure(seen.equals(List.of("a", "-", "b")), "a continuation stops and goes on: " + seen);
    }

    private static void virtualThreadObeysItsScheduler() {
        Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
        Queue<String> order = new ArrayDeque<>();
        Thread parked = Internals.virtualThreads(turns::add)
                .name("procession-self-test")
                .start(() -> {
                    order.add("started");
                    LockSupport.park();
                    order.add("went on");
                });
        ensure(turns.size() == 1 && order.isEmpty(), "a virtual thread waits for its scheduler");
        turns.remove().run();
        LockSupport.unpark(parked);
        ensure(turns.size() == 1, "an unparked virtual thread comes back to its scheduler");
        turns.remove().run();
        ensure(List.copyOf(order).equals(List.of("started", "went on")) && !parked.isAlive(), "its order is ours");
    }

    private static void ensure(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("this JDK does not do it: " + what);
        }
    }

    private static void onPlatformThread(Runnable work) throws ExecutionException {
        FutureTask<?> task = new FutureTask<>(work, null);
        Thread.ofPlatform().daemon().name("procession-self-test").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
