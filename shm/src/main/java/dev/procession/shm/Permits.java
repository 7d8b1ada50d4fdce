package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.Stamp;
import java.lang.foreign.Arena;
import java.util.function.Supplier;

/** The books of a semaphore: how many permits there are, and who has them. */
sealed interface Permits {
    /** Takes permits if there are enough; does not wait for any to come. */
    boolean take(int count);

    /**
     * Gives permits back.
     *
     * @throws IllegalStateException if that is more than may be given; nothing is given back then
     */
    void give(int count);

    /** How many nobody has: so many at one moment of the call. */
    int available();

    /** The same at a glance: cheap, but it may never have been so many, while permits change hands. */
    int glance();

    /** One cell that holds what is available: each change is one compare-and-set, so there is no state in between. */
    final class Counted implements Permits {
        private final Entry entry;
        private final Cells cells;
        private final long at;
        private final int limit;

        Counted(Entry entry, long at, int limit) {
            this.entry = entry;
            this.cells = entry.payload();
            this.at = at;
            this.limit = limit;
        }

        @Override
        public boolean take(int count) {
            for (; ; ) {
                int available = cells.getIntVolatile(at);
                if (available < count) {
                    return false;
                }
                if (cells.casInt(at, available, available - count)) {
                    return true;
                }
            }
        }

        @Override
        public void give(int count) {
            for (; ; ) {
                int available = cells.getIntVolatile(at);
                if (count > limit - available) {
                    throw new IllegalStateException("too many permits released to " + entry + ": permits=" + available
                            + ", released=" + count + ", limit=" + limit);
                }
                if (cells.casInt(at, available, available + count)) {
                    return;
                }
            }
        }

        @Override
        public int available() {
            return cells.getIntVolatile(at);
        }

        @Override
        public int glance() {
            return available();
        }
    }

    /**
     * One cell for each member, which holds what that member has; what is available is the rest. Each change is one store
     * to the member's own cell, so there is no state in between here either, and to bring back what a dead member had is
     * one store as well. A lock makes the look at all the cells and the one store a single step; it guards no other state,
     * so if its owner dies there is nothing to mend.
     */
    final class Lent implements Permits {
        /** Room for one cell a member. */
        static final long HEAP_BYTES = 4L * Stamp.SLOTS;

        private final Entry entry;
        private final Cells holdings;
        private final RobustLock guard;
        private final Borrowers borrowers;
        private final int capacity;
        private final long mineAt;

        Lent(Entry entry, long guardAt, long borrowersAt, int capacity) {
            this.entry = entry;
            this.holdings = entry.heap();
            this.guard = new RobustLock(entry.payload(), guardAt, entry.space());
            this.borrowers = new Borrowers(entry, borrowersAt, capacity);
            this.capacity = capacity;
            this.mineAt = cellOf(Stamp.slotOf(entry.space().stamp()));
        }

        private static long cellOf(int slot) {
            return slot * 4L;
        }

        @Override
        public boolean take(int count) {
            return underGuard(() -> {
                if (glance() < count) {
                    return false;
                }
                borrowers.note(count);
                holdings.setIntVolatile(mineAt, holdings.getIntVolatile(mineAt) + count);
                return true;
            });
        }

        @Override
        public void give(int count) {
            boolean given = underGuard(() -> {
                int mine = holdings.getIntVolatile(mineAt);
                if (mine < count) {
                    return false;
                }
                holdings.setIntVolatile(mineAt, mine - count);
                borrowers.forget(count);
                return true;
            });
            if (!given) {
                throw new IllegalStateException("this process does not hold that many permits of " + entry + ": held="
                        + holdings.getIntVolatile(mineAt) + ", released=" + count);
            }
        }

        private <T> T underGuard(Supplier<T> step) {
            if (guard.lock()) {
                guard.settle();
            }
            try {
                return step.get();
            } finally {
                guard.release();
            }
        }

        @Override
        public int available() {
            return underGuard(this::glance);
        }

        @Override
        public int glance() {
            int available = capacity;
            for (long at = 0; at < HEAP_BYTES; at += 4) {
                available -= holdings.getIntVolatile(at);
            }
            return available;
        }

        static void repair(Remains remains, long borrowersAt) {
            Borrowers.repair(remains.payload(), borrowersAt, remains.dead());
            try (Arena arena = Arena.ofConfined()) {
                remains.heap(arena).setIntVolatile(cellOf(remains.slot()), 0);
            }
        }
    }
}
