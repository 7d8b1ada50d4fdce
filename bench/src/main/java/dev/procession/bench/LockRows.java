package dev.procession.bench;

import dev.procession.shm.SharedLock;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Locks shared by processes. */
final class LockRows {
    private static final String OURS = "SharedLock";
    private static final String PYTHON = "mp.Lock";
    private static final String PTHREAD = "pthread robust mutex";
    private static final int STRETCH = 1000;

    /** How many times each of two processes acquires the lock while its waits are timed. */
    private static final int TIMED = 1_000_000;

    /** A wait longer than some dozen time slices of the scheduler would be starving. */
    private static final int LONGEST_MILLIS = 100;

    private LockRows() {}

    static List<Row> all() {
        return List.of(
                pairs(
                        "lock-free",
                        "lock and unlock a lock that nobody else wants",
                        LockRows::free,
                        List.of(
                                Script.c(PTHREAD, "robust_mutex.c", "free"),
                                Contender.of("ReentrantLock", LockRows::freeOfTheJdk),
                                Script.python(PYTHON, "mp.py", "lock-free")),
                        new Target.Against(PTHREAD, 1),
                        new Target.Against(PYTHON, 10)),
                pairs(
                        "lock-contended",
                        "two processes lock and unlock one lock",
                        LockRows::contended,
                        List.of(
                                Script.c(PTHREAD, "robust_mutex.c", "contended"),
                                Script.python(PYTHON, "mp.py", "lock-contended")),
                        new Target.Against(PYTHON, 3)),
                new Row(
                        "lock-longest-wait",
                        "the longest of a million waits of each of two processes that contend for a lock",
                        "ms",
                        Better.LOWER,
                        Contender.of(OURS, LockRows::longestWait),
                        List.of(
                                Script.c(PTHREAD, "robust_mutex.c", "longest-wait"),
                                Script.python(PYTHON, "mp.py", "lock-longest-wait")),
                        List.of(new Target.Absolute(LONGEST_MILLIS))));
    }

    private static Row pairs(String name, String what, Contender.Work ours, List<Contender> peers, Target... targets) {
        return new Row(name, what, "pairs/s", Better.HIGHER, Contender.of(OURS, ours), peers, List.of(targets));
    }

    private static double free(Effort effort) throws Exception {
        return Crew.play(effort, gate -> {
            try (SharedLock lock = SharedLock.create()) {
                return gate.await().perSecond(() -> pairs(lock));
            }
        });
    }

    private static double freeOfTheJdk(Effort effort) throws Exception {
        return Crew.play(effort, gate -> {
            Lock lock = new ReentrantLock();
            return gate.await().perSecond(() -> pairs(lock));
        });
    }

    private static double contended(Effort effort) throws Exception {
        try (SharedLock lock = SharedLock.create()) {
            Crew.Part part = gate -> gate.await().perSecond(() -> pairs(lock));
            return Crew.sumOfFirst(2, Crew.play(effort, Collections.nCopies(2, part)));
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // the pair is what is measured, and nothing is between
    private static int pairs(Lock lock) {
        for (int i = 0; i < STRETCH; i++) {
            lock.lock();
            lock.unlock();
        }
        return STRETCH;
    }

    private static double longestWait(Effort effort) throws Exception {
        try (SharedLock lock = SharedLock.create()) {
            Crew.Part part = gate -> {
                Window window = gate.await();
                while (!window.isOpen()) {
                    longestOf(STRETCH, lock);
                }
                return longestOf(TIMED, lock) / 1e6;
            };
            List<Double> longest = Crew.play(effort, Collections.nCopies(2, part));
            return Collections.max(longest);
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing is between that could throw
    private static long longestOf(int count, Lock lock) {
        long longest = 0;
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            lock.lock();
            long waited = System.nanoTime() - start;
            lock.unlock();
            longest = Math.max(longest, waited);
        }
        return longest;
    }
}
