package dev.procession.green;

/** A loop's time: the system's, or one that stands still until the loop has nothing else to do and jumps to the next timer. */
final class LoopClock {
    private final boolean virtual;
    private long virtualNanos;

    private LoopClock(boolean virtual) {
        this.virtual = virtual;
    }

    static LoopClock real() {
        return new LoopClock(false);
    }

    static LoopClock virtual() {
        return new LoopClock(true);
    }

    boolean isVirtual() {
        return virtual;
    }

    long nanos() {
        return virtual ? virtualNanos : System.nanoTime();
    }

    void jump(long nanos) {
        virtualNanos += nanos;
    }
}
