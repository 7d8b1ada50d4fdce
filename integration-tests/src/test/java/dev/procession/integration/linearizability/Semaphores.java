package dev.procession.integration.linearizability;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import dev.procession.shm.SemaphoreOption;
import dev.procession.shm.SharedSemaphore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A {@link SharedSemaphore} whose permits come back from the dead. */
record Semaphores(SharedSemaphore semaphore) implements Subject {
    private static final int PERMITS = 3;

    enum Call {
        TRY_ACQUIRE,
        RELEASE,
        AVAILABLE,
        /** Made by the world: the argument is the process. */
        DIED
    }

    static Semaphores make(SemaphoreOption... options) {
        return new Semaphores(SharedSemaphore.create(PERMITS, options));
    }

    @Override
    public Enum<?>[] calls() {
        return Call.values();
    }

    @Override
    public void step(Recorder recorder, Random random) throws Exception {
        int count = 1 + random.nextInt(PERMITS);
        boolean acquired = switch (random.nextInt(3)) {
            case 0 -> recorder.recordTrial(Call.TRY_ACQUIRE, count, () -> semaphore.tryAcquire(count));
            case 1 ->
                recorder.recordTrial(Call.TRY_ACQUIRE, count, () -> semaphore.tryAcquire(count, 50, MICROSECONDS));
            default -> {
                recorder.record(Call.AVAILABLE, Operation.NOTHING, () -> (long) semaphore.availablePermits());
                yield false;
            }
        };
        if (acquired) {
            release(recorder, count);
        }
    }

    private void release(Recorder recorder, int count) throws Exception {
        recorder.record(Call.RELEASE, count, () -> {
            semaphore.release(count);
            return Operation.NOTHING;
        });
    }

    @Override
    public List<Operation> bury(Recorder survivor, int process, long killedAt) throws Exception {
        survivor.recordTrial(Call.TRY_ACQUIRE, PERMITS, () -> {
            semaphore.acquire(PERMITS);
            return true;
        });
        long backAgainAt = System.nanoTime();
        release(survivor, PERMITS);
        return List.of(Deaths.of(Call.DIED, survivor, process, killedAt, backAgainAt));
    }

    @Override
    public Specification<Lent> specification() {
        return new Lending();
    }

    /** How many permits each process has, if any; and who has died. */
    record Lent(Map<Integer, Integer> permits, Deaths dead) {
        int available() {
            return PERMITS - permits.values().stream().mapToInt(each -> each).sum();
        }

        @Nullable
        Lent plus(int process, int count) {
            Map<Integer, Integer> next = new HashMap<>(permits);
            int has = next.getOrDefault(process, 0) + count;
            if (has < 0) {
                return null;
            }
            if (has == 0) {
                next.remove(process);
            } else {
                next.put(process, has);
            }
            return new Lent(next, dead);
        }
    }

    static final class Lending implements Specification<Lent> {
        @Override
        public Lent initial() {
            return new Lent(Map.of(), Deaths.NONE);
        }

        @Override
        public @Nullable Lent after(Lent state, Operation operation) {
            if (state.dead().include(operation.actor())) {
                return null;
            }
            int process = Crowd.processOf(operation.actor());
            int count = (int) operation.argument();
            return switch ((Call) operation.call()) {
                case TRY_ACQUIRE -> {
                    boolean enough = state.available() >= count;
                    yield !operation.mayReturn(enough ? 1 : 0) ? null : enough ? state.plus(process, count) : state;
                }
                case RELEASE -> state.plus(process, -count);
                case AVAILABLE -> operation.mayReturn(state.available()) ? state : null;
                case DIED -> {
                    Map<Integer, Integer> left = new HashMap<>(state.permits());
                    left.remove(count);
                    yield new Lent(left, state.dead().and(count));
                }
            };
        }
    }

    @Override
    public void close() {
        semaphore.close();
    }
}
