package dev.procession.core;

import java.util.BitSet;
import java.util.concurrent.ThreadFactory;

/** Makes the threads of a pool, each with the smallest number that is free. */
final class WorkerThreads implements ThreadFactory {
    enum Kind {
        PLATFORM,
        VIRTUAL
    }

    private static final ScopedValue<Integer> NUMBER = ScopedValue.newInstance();

    private final String pool;
    private final Kind kind;
    private final BitSet numbers = new BitSet(); // guarded by itself

    WorkerThreads(String pool, Kind kind) {
        this.pool = pool;
        this.kind = kind;
    }

    /** The number of the worker that calls this. */
    static int currentNumber() {
        return NUMBER.get();
    }

    @Override
    public Thread newThread(Runnable work) {
        int number = takeNumber();
        Thread.Builder builder = switch (kind) {
            case PLATFORM -> Thread.ofPlatform().daemon(false);
            case VIRTUAL -> Thread.ofVirtual();
        };
        return builder.name(pool + "-worker-" + number).unstarted(() -> {
            try {
                ScopedValue.where(NUMBER, number).run(work);
            } finally {
                giveBack(number);
            }
        });
    }

    private int takeNumber() {
        synchronized (numbers) {
            int number = numbers.nextClearBit(1);
            numbers.set(number);
            return number;
        }
    }

    private void giveBack(int number) {
        synchronized (numbers) {
            numbers.clear(number);
        }
    }
}
