package dev.procession.integration.linearizability;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import dev.procession.shm.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A {@link SharedQueue}, small, so that it is often full and often empty. */
record Queues(SharedQueue<Long> queue) implements Subject {
    private static final int CAPACITY = 3;

    enum Call {
        OFFER,
        POLL,
        PEEK
    }

    static Queues make() {
        return new Queues(SharedQueue.create(CAPACITY));
    }

    @Override
    public Enum<?>[] calls() {
        return Call.values();
    }

    @Override
    public void step(Recorder recorder, Random random) throws Exception {
        long item = random.nextLong(1L << 40);
        switch (random.nextInt(5)) {
            case 0 -> recorder.recordTrial(Call.OFFER, item, () -> queue.offer(item));
            case 1 -> recorder.recordTrial(Call.OFFER, item, () -> queue.offer(item, 50, MICROSECONDS));
            case 2 -> recorder.record(Call.POLL, Operation.NOTHING, () -> orNothing(queue.poll()));
            case 3 -> recorder.record(Call.POLL, Operation.NOTHING, () -> orNothing(queue.poll(50, MICROSECONDS)));
            default -> recorder.record(Call.PEEK, Operation.NOTHING, () -> orNothing(queue.peek()));
        }
    }

    private static long orNothing(@Nullable Long item) {
        return item == null ? Operation.NOTHING : item;
    }

    @Override
    public Specification<List<Long>> specification() {
        return new FirstInFirstOut(CAPACITY);
    }

    /** The items that wait, the first of them first. */
    record FirstInFirstOut(int capacity) implements Specification<List<Long>> {
        @Override
        public List<Long> initial() {
            return List.of();
        }

        @Override
        public @Nullable List<Long> after(List<Long> items, Operation operation) {
            long first = items.isEmpty() ? Operation.NOTHING : items.getFirst();
            return switch ((Call) operation.call()) {
                case OFFER -> {
                    boolean room = items.size() < capacity;
                    yield !operation.mayReturn(room ? 1 : 0) ? null : room ? with(items, operation.argument()) : items;
                }
                case POLL ->
                    !operation.mayReturn(first) ? null : items.isEmpty() ? items : items.subList(1, items.size());
                case PEEK -> operation.mayReturn(first) ? items : null;
            };
        }

        private static List<Long> with(List<Long> items, long last) {
            List<Long> more = new ArrayList<>(items);
            more.add(last);
            return more;
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
