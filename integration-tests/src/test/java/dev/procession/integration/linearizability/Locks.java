package dev.procession.integration.linearizability;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import dev.procession.shm.LockOption;
import dev.procession.shm.SharedLock;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SharedLock}, which comes free when its owner is killed.
 *
 * @param timed what a timed attempt is
 */
record Locks(SharedLock lock, Call timed) implements Subject {
    enum Call {
        TRY_LOCK,
        /** May be in vain although the lock is free: somebody may be in line before it. */
        TRY_LOCK_IN_TURN,
        UNLOCK,
        IS_LOCKED,
        /** Made by the world: the argument is the process. */
        DIED
    }

    static Locks make(LockOption... options) {
        boolean fair = List.of(options).contains(LockOption.FAIR);
        return new Locks(SharedLock.create(options), fair ? Call.TRY_LOCK_IN_TURN : Call.TRY_LOCK);
    }

    @Override
    public Enum<?>[] calls() {
        return Call.values();
    }

    @Override
    @SuppressWarnings("LockNotBeforeTry") // a process that throws is to die holding it
    public void step(Recorder recorder, Random random) throws Exception {
        boolean held = switch (random.nextInt(4)) {
            case 0 -> recorder.recordTrial(Call.TRY_LOCK, Operation.NOTHING, lock::tryLock);
            case 1 -> recorder.recordTrial(timed, Operation.NOTHING, () -> lock.tryLock(50, MICROSECONDS));
            case 2 ->
                recorder.recordTrial(Call.TRY_LOCK, Operation.NOTHING, () -> {
                    lock.lock();
                    return true;
                });
            default -> {
                recorder.recordTrial(Call.IS_LOCKED, Operation.NOTHING, lock::isLocked);
                yield false;
            }
        };
        if (held) {
            unlock(recorder);
        }
    }

    private void unlock(Recorder recorder) throws Exception {
        recorder.record(Call.UNLOCK, Operation.NOTHING, () -> {
            lock.unlock();
            return Operation.NOTHING;
        });
    }

    @Override
    @SuppressWarnings("LockNotBeforeTry")
    public List<Operation> bury(Recorder survivor, int process, long killedAt) throws Exception {
        survivor.recordTrial(Call.TRY_LOCK, Operation.NOTHING, () -> {
            lock.lock();
            return true;
        });
        long freeAgainAt = System.nanoTime();
        unlock(survivor);
        return List.of(Deaths.of(Call.DIED, survivor, process, killedAt, freeAgainAt));
    }

    @Override
    public Specification<Held> specification() {
        return new Mutex();
    }

    /** The actor that holds it, or nobody; and who has died. */
    record Held(int holder, Deaths dead) {
        static final int NOBODY = -1;
    }

    static final class Mutex implements Specification<Held> {
        @Override
        public Held initial() {
            return new Held(Held.NOBODY, Deaths.NONE);
        }

        @Override
        public @Nullable Held after(Held state, Operation operation) {
            if (state.dead().include(operation.actor())) {
                return null;
            }
            boolean free = state.holder() == Held.NOBODY;
            return switch ((Call) operation.call()) {
                case TRY_LOCK -> operation.mayReturn(free ? 1 : 0) ? free ? heldBy(operation, state) : state : null;
                case TRY_LOCK_IN_TURN ->
                    free && operation.mayReturn(1) ? heldBy(operation, state) : operation.mayReturn(0) ? state : null;
                case UNLOCK -> state.holder() == operation.actor() ? new Held(Held.NOBODY, state.dead()) : null;
                case IS_LOCKED -> operation.mayReturn(free ? 0 : 1) ? state : null;
                case DIED -> {
                    Deaths dead = state.dead().and((int) operation.argument());
                    yield new Held(dead.include(state.holder()) ? Held.NOBODY : state.holder(), dead);
                }
            };
        }
    }

    private static Held heldBy(Operation operation, Held state) {
        return new Held(operation.actor(), state.dead());
    }

    @Override
    public void close() {
        lock.close();
    }
}
