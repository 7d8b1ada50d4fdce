package dev.procession.bench;

import dev.procession.shm.SharedLock;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Locks shared by processes. */
final class LockRows {
    private static final String OURS = "SharedLock";
    private static final String PYTHON = "mp.Lock";
    private static final String PTHREAD = "pthread robust mutex";
    private static final int FREE_PER_SECOND = 100_000_000;
    private static final int CONTENDED_PER_SECOND = 5_000_000;

    private LockRows() {}

    static List<Row> all() {
        return List.of(
                new Row(
                        "lock-free",
                        "lock and unlock a lock that nobody else wants",
                        "pairs/s",
                        Better.HIGHER,
                        Contender.of(OURS, effort -> {
                            try (SharedLock lock = SharedLock.create()) {
                                return free(lock, effort);
                            }
                        }),
                        List.of(
                                Script.c(PTHREAD, "robust_mutex.c", "free"),
                                Contender.of("ReentrantLock", effort -> free(new ReentrantLock(), effort)),
                                Script.python(PYTHON, "mp.py", "lock-free")),
                        List.of(new Target.Against(PTHREAD, 1), new Target.Against(PYTHON, 10))),
                new Row(
                        "lock-contended",
                        "two processes lock and unlock one lock",
                        "pairs/s",
                        Better.HIGHER,
                        Contender.of(OURS, LockRows::contended),
                        List.of(
                                Script.c(PTHREAD, "robust_mutex.c", "contended"),
                                Script.python(PYTHON, "mp.py", "lock-contended")),
                        List.of(new Target.Against(PYTHON, 3))));
    }

    private static double free(Lock lock, Effort effort) {
        int count = effort.count(FREE_PER_SECOND);
        pairs(lock, count / 4);
        long start = System.nanoTime();
        pairs(lock, count);
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static double contended(Effort effort) throws Exception {
        int count = effort.count(CONTENDED_PER_SECOND);
        try (SharedLock lock = SharedLock.create()) {
            Crew.Part part = gate -> {
                try (SharedLock own = SharedLock.create()) {
                    pairs(own, 1_000_000);
                }
                gate.await();
                long start = System.nanoTime();
                pairs(lock, count);
                return new Crew.Span(start, System.nanoTime(), count);
            };
            return Crew.Span.perSecond(Crew.play(List.of(part, part)));
        }
    }

    @SuppressWarnings("LockNotBeforeTry") // the pair is what is measured, and nothing is between
    private static void pairs(Lock lock, int count) {
        for (int i = 0; i < count; i++) {
            lock.lock();
            lock.unlock();
        }
    }
}
