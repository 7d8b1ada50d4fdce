package dev.procession.integration.linearizability;

import dev.procession.shm.SharedMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@link SharedMap}: each key is an object of its own, that holds a value or nothing. */
record Maps(SharedMap<Integer, Long> map) implements Subject {
    private static final int KEYS = 4;

    /** An argument is the key above so many bits, and a value in them. */
    private static final int VALUE_BITS = 32;

    private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;

    enum Call {
        GET,
        PUT,
        PUT_IF_ABSENT,
        REMOVE,
        MERGE
    }

    static Maps make() {
        return new Maps(SharedMap.create());
    }

    @Override
    public Enum<?>[] calls() {
        return Call.values();
    }

    @Override
    public void step(Recorder recorder, Random random) throws Exception {
        int key = random.nextInt(KEYS);
        long value = random.nextInt(1 << 20);
        Call call = Call.values()[random.nextInt(Call.values().length)];
        recorder.record(
                call,
                (long) key << VALUE_BITS | value,
                () -> orNothing(
                        switch (call) {
                            case GET -> map.get(key);
                            case PUT -> map.put(key, value);
                            case PUT_IF_ABSENT -> map.putIfAbsent(key, value);
                            case REMOVE -> map.remove(key);
                            case MERGE -> map.merge(key, value, Maps::combined);
                        }));
    }

    private static long combined(long old, long value) {
        return (old * 31 + value) & VALUE_MASK;
    }

    private static long orNothing(@Nullable Long value) {
        return value == null ? Operation.NOTHING : value;
    }

    @Override
    public List<List<Operation>> parts(List<Operation> history) {
        return List.copyOf(history.stream()
                .collect(Collectors.groupingBy(operation -> operation.argument() >>> VALUE_BITS))
                .values());
    }

    @Override
    public Specification<Long> specification() {
        return new Binding();
    }

    /** What one key is bound to, or nothing. */
    static final class Binding implements Specification<Long> {
        @Override
        public Long initial() {
            return Operation.NOTHING;
        }

        @Override
        public @Nullable Long after(Long bound, Operation operation) {
            long old = bound;
            long value = operation.argument() & VALUE_MASK;
            boolean absent = old == Operation.NOTHING;
            return switch ((Call) operation.call()) {
                case GET -> operation.mayReturn(old) ? bound : null;
                case PUT -> operation.mayReturn(old) ? (Long) value : null;
                case PUT_IF_ABSENT -> operation.mayReturn(old) ? (Long) (absent ? value : old) : null;
                case REMOVE -> operation.mayReturn(old) ? (Long) Operation.NOTHING : null;
                case MERGE -> {
                    long merged = absent ? value : combined(old, value);
                    yield operation.mayReturn(merged) ? (Long) merged : null;
                }
            };
        }
    }

    @Override
    public void close() {
        map.close();
    }
}
