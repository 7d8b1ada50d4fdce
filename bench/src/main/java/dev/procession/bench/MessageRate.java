package dev.procession.bench;

/** Messages a second as a consumer sees them: from its first to its last. */
final class MessageRate {
    private long firstNanos;
    private long lastNanos;
    private long count;

    /** Called for each message, or with several for a batch. */
    void arrived(int messages) {
        if (count == 0) {
            firstNanos = System.nanoTime();
        }
        count += messages;
    }

    /** Called when the last one is here. */
    void end() {
        lastNanos = System.nanoTime();
    }

    long count() {
        return count;
    }

    long firstNanos() {
        return firstNanos;
    }

    long lastNanos() {
        return lastNanos;
    }

    double perSecond() {
        return (count - 1) * 1e9 / (lastNanos - firstNanos);
    }
}
