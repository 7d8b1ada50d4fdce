package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.Holder;
import dev.procession.shm.engine.Holder.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * Which threads acquired the permits of a leased semaphore, for those who look for deadlocks: one word a permit, see {@link
 * Holder}. Of semaphores with many permits it is not noted.
 *
 * <p>Written by those who hold the semaphore's guard. What counts is what the books say of processes; this says no less than
 * they do at any time, since a thread is noted before it gets its permit and forgotten after it has given it back. So nobody
 * who could still release one is overlooked.
 */
final class Borrowers {
    /** The most permits a semaphore may have for its borrowers to be noted. */
    static final int MOST = 20;

    private final Cells cells;
    private final long at;
    private final int member;
    private final int permits;

    Borrowers(Entry entry, long at, int permits) {
        this.cells = entry.payload();
        this.at = at;
        this.member = entry.space().stamp();
        this.permits = permits <= MOST ? permits : 0;
    }

    /** The calling thread is about to get permits. */
    void note(int count) {
        long self = Holder.word(member, Thread.currentThread().threadId());
        replace(0, self, count);
    }

    /** The calling thread has given permits back: its own, or those of other threads of this process. */
    void forget(int count) {
        int left = replace(Holder.word(member, Thread.currentThread().threadId()), 0, count);
        for (int i = 0; i < permits && left > 0; i++) {
            if (isOf(member, cells.getLong(at + 8L * i))) {
                cells.setLong(at + 8L * i, 0);
                left--;
            }
        }
    }

    private int replace(long what, long by, int count) {
        int left = count;
        for (int i = 0; i < permits && left > 0; i++) {
            if (cells.getLong(at + 8L * i) == what) {
                cells.setLong(at + 8L * i, by);
                left--;
            }
        }
        return left;
    }

    private static boolean isOf(int member, long word) {
        Holder holder = Holder.of(word, Release.BY_ANYBODY);
        return holder != null && holder.member() == member;
    }

    /** The threads that have all the permits there are; nobody if one is left, or there are too many. */
    static List<Holder> of(Cells payload, long at, int permits) {
        List<Holder> holders = new ArrayList<>();
        if (permits <= MOST) {
            for (int i = 0; i < permits; i++) {
                Holder holder = Holder.of(payload.getLongVolatile(at + 8L * i), Release.BY_ANYBODY);
                if (holder == null) {
                    return List.of();
                }
                holders.add(holder);
            }
        }
        return holders;
    }

    /** Forgets a dead process; to be done before its permits come back. */
    static void repair(Cells payload, long at, int dead) {
        for (int i = 0; i < MOST; i++) {
            if (isOf(dead, payload.getLongVolatile(at + 8L * i))) {
                payload.setLong(at + 8L * i, 0);
            }
        }
    }
}
