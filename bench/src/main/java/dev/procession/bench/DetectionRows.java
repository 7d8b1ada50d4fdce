package dev.procession.bench;

import dev.procession.core.FencedLock;
import dev.procession.core.Space;
import dev.procession.shm.NamedSpaces;
import java.io.Serializable;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Lock;

/** What it costs that somebody looks for deadlocks: the same locks in a space where nobody does are the peer. */
final class DetectionRows {
    private static final String ON = "deadlocks found";
    private static final String OFF = "nobody looks";
    private static final String THROW = "throw";
    private static final int STRETCH = 1000;

    /** Longer than a waiting thread spins: so it goes to sleep, and says before what it waits for. */
    private static final long HOLD_NANOS = 100_000;

    private static final int HOLDS = 10;

    private DetectionRows() {}

    static List<Row> all() {
        return List.of(
                row(
                        "detection-free",
                        "lock and unlock a re-entrant lock nobody else wants",
                        1,
                        DetectionRows::pairs,
                        0.95),
                row("detection-contended", "two processes lock and unlock one", 2, DetectionRows::pairs, 0.9),
                row("detection-asleep", "two processes hold one for 0.1 ms each time", 2, DetectionRows::holds, 0.9));
    }

    /** What a process does with the lock; gives how many times it had it. */
    private interface Use extends Serializable {
        int with(Lock lock);
    }

    private static Row row(String name, String what, int processes, Use use, double factor) {
        return new Row(
                name,
                what,
                "pairs/s",
                Better.HIGHER,
                Contender.of(ON, effort -> measure(effort, THROW, processes, use)),
                List.of(Contender.of(OFF, effort -> measure(effort, "off", processes, use))),
                List.of(new Target.Against(OFF, factor)));
    }

    private static double measure(Effort effort, String policy, int processes, Use use) throws Exception {
        String name = "bench-" + UUID.randomUUID();
        try (Space space = Space.open(URI.create("shm:" + name), Map.of("deadlocks", policy))) {
            FencedLock lock = space.lock("lock");
            Crew.Part part = gate -> gate.await().perSecond(() -> use.with(lock));
            return Crew.sumOfFirst(processes, Crew.play(effort, Collections.nCopies(processes, part)));
        } finally {
            boolean _ = NamedSpaces.inDefaultPlace().remove(name);
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

    @SuppressWarnings("LockNotBeforeTry") // nothing is between that could throw
    private static int holds(Lock lock) {
        for (int i = 0; i < HOLDS; i++) {
            lock.lock();
            long until = System.nanoTime() + HOLD_NANOS;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            lock.unlock();
        }
        return HOLDS;
    }
}
