package dev.procession.net;

import dev.procession.shm.SharedLong;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Has a worker that serves more connections than another let that one go first, for a moment. All workers wake for a client; without
 * this the one that is awake soonest, since its code is warm, would get all clients of a quiet hour, and keep them in the busy one.
 *
 * <p>Each worker writes its own number, and reads those of the others. One that is not there has none, and one that does not accept
 * though it has few costs the others that moment for each client, and no more.
 *
 * @param loads connections by the slot of the worker; negative for one that is not there
 * @param slot this worker's
 */
record SharedTurn(List<SharedLong> loads, int slot) implements Turn {
    private static final long ABSENT = -1;
    private static final long MOMENT_NANOS = Duration.ofMillis(1).toNanos();

    /** A difference that is not worth a wait: a connection, and an eighth. */
    private static final int PART = 8;

    static List<SharedLong> loads(int workers) {
        return IntStream.range(0, workers)
                .mapToObj(_ -> SharedLong.create(ABSENT))
                .toList();
    }

    @Override
    public void begin() {
        loads.get(slot).set(0);
    }

    /** The server's: there is no worker in this slot. */
    static void end(SharedLong load) {
        load.set(ABSENT);
    }

    @Override
    public void await() {
        long mine = loads.get(slot).get();
        long few = mine - 1 - mine / PART;
        if (others().anyMatch(load -> load.get() >= 0 && load.get() < few)) {
            LockSupport.parkNanos(this, MOMENT_NANOS);
        }
    }

    private Stream<SharedLong> others() {
        return IntStream.range(0, loads.size()).filter(other -> other != slot).mapToObj(loads::get);
    }

    @Override
    public void entered() {
        loads.get(slot).incrementAndGet();
    }

    @Override
    public void left() {
        loads.get(slot).decrementAndGet();
    }
}
