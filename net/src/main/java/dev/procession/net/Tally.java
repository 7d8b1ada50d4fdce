package dev.procession.net;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts; for any thread. */
final class Tally {
    /** What is counted. */
    enum Count {
        ACCEPTED,
        REJECTED,
        FAILED,
        CUT_IDLE,
        CUT_SLOW,
        CUT_STALLED,
        CUT_HANDSHAKE,
        CUT_TOO_LONG,
        RESET
    }

    private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

    /** Of connections that have ended. */
    private final LongAdder bytesIn = new LongAdder();

    private final LongAdder bytesOut = new LongAdder();

    Tally() {
        for (Count what : Count.values()) {
            counts.put(what, new LongAdder());
        }
    }

    void count(Count what) {
        adder(what).increment();
    }

    void count(CutReason reason) {
        switch (reason) {
            case IDLE -> count(Count.CUT_IDLE);
            case SLOW -> count(Count.CUT_SLOW);
            case STALLED -> count(Count.CUT_STALLED);
            case HANDSHAKE -> count(Count.CUT_HANDSHAKE);
            case DRAINED, CLOSED -> {} // nobody's fault
        }
    }

    void ended(Vitals vitals) {
        bytesIn.add(vitals.bytesIn);
        bytesOut.add(vitals.bytesOut);
    }

    private LongAdder adder(Count what) {
        return Objects.requireNonNull(counts.get(what));
    }

    private long of(Count what) {
        return adder(what).sum();
    }

    ServerStatistics statistics(long active, long peak, long bytesInNow, long bytesOutNow) {
        return new ServerStatistics(
                of(Count.ACCEPTED),
                of(Count.REJECTED),
                active,
                peak,
                of(Count.FAILED),
                of(Count.CUT_IDLE),
                of(Count.CUT_SLOW),
                of(Count.CUT_STALLED),
                of(Count.CUT_HANDSHAKE),
                of(Count.CUT_TOO_LONG),
                of(Count.RESET),
                bytesIn.sum() + bytesInNow,
                bytesOut.sum() + bytesOutNow);
    }
}
