package dev.procession.integration.linearizability;

import dev.procession.shm.SharedLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A {@link SharedLong}; or one that is added to as nobody should, to see that it is found out. */
record Counters(SharedLong number, Adding adding) implements Subject {
    private static final int VALUE_BITS = 32;
    private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;

    enum Adding {
        AT_ONCE,
        /** Reads, adds, writes. */
        IN_STEPS
    }

    enum Call {
        ADD,
        GET,
        /** The argument is the expected value above 32 bits of the new one. */
        COMPARE_AND_SET
    }

    static Counters make(Adding adding) {
        return new Counters(SharedLong.create(0), adding);
    }

    @Override
    public Enum<?>[] calls() {
        return Call.values();
    }

    @Override
    public void step(Recorder recorder, Random random) throws Exception {
        int delta = random.nextInt(1, 5);
        switch (random.nextInt(4)) {
            case 0, 1 -> recorder.record(Call.ADD, delta, () -> add(delta));
            case 2 -> recorder.record(Call.GET, Operation.NOTHING, number::get);
            default -> {
                long seen = recorder.record(Call.GET, Operation.NOTHING, number::get);
                recorder.recordTrial(
                        Call.COMPARE_AND_SET,
                        seen << VALUE_BITS | seen + delta,
                        () -> number.compareAndSet(seen, seen + delta));
            }
        }
    }

    private long add(int delta) {
        if (adding == Adding.AT_ONCE) {
            return number.getAndAdd(delta);
        }
        long old = number.get();
        number.set(old + delta);
        return old;
    }

    @Override
    public Specification<Long> specification() {
        return new Sum();
    }

    static final class Sum implements Specification<Long> {
        @Override
        public Long initial() {
            return 0L;
        }

        @Override
        public @Nullable Long after(Long value, Operation operation) {
            return switch ((Call) operation.call()) {
                case ADD -> operation.mayReturn(value) ? (Long) (value + operation.argument()) : null;
                case GET -> operation.mayReturn(value) ? value : null;
                case COMPARE_AND_SET -> {
                    boolean equal = value == operation.argument() >>> VALUE_BITS;
                    yield !operation.mayReturn(equal ? 1 : 0)
                            ? null
                            : equal ? (Long) (operation.argument() & VALUE_MASK) : value;
                }
            };
        }
    }

    @Override
    public void close() {
        number.close();
    }
}
