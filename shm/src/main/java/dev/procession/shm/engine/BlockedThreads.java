package dev.procession.shm.engine;

import static dev.procession.shm.engine.BlockedLayout.FRAME;
import static dev.procession.shm.engine.BlockedLayout.GENERATION_AT;
import static dev.procession.shm.engine.BlockedLayout.IDLE;
import static dev.procession.shm.engine.BlockedLayout.LOOKED_AT;
import static dev.procession.shm.engine.BlockedLayout.OWNER_AT;
import static dev.procession.shm.engine.BlockedLayout.PROCESS_AT;
import static dev.procession.shm.engine.BlockedLayout.QUIET_AT;
import static dev.procession.shm.engine.BlockedLayout.RECORDS;
import static dev.procession.shm.engine.BlockedLayout.SINCE_AT;
import static dev.procession.shm.engine.BlockedLayout.STATE_AT;
import static dev.procession.shm.engine.BlockedLayout.TARGET_AT;
import static dev.procession.shm.engine.BlockedLayout.THREAD_AT;
import static dev.procession.shm.engine.BlockedLayout.THREAD_NAME;
import static dev.procession.shm.engine.BlockedLayout.TICKET_AT;
import static dev.procession.shm.engine.BlockedLayout.recordAt;

import dev.procession.core.SpaceFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The table of the threads that block for a primitive of a space. See {@link BlockedLayout} for the states of a record. */
final class BlockedThreads {
    static final int NONE = -1;

    private final Cells header;
    private final Cells table;
    private final int mine;

    /** Sets memory aside and takes one more record into use, under the allocation lock; takes and gives `used`. */
    private final IntUnaryOperator extension;

    /** Where this JVM looks for a free record next. Racy: just a hint. */
    private int hint;

    BlockedThreads(Cells header, Cells table, int mine, IntUnaryOperator extension) {
        this.header = header;
        this.table = table;
        this.mine = mine;
        this.extension = extension;
    }

    private int used() {
        return Math.clamp(header.getIntAcquire(SpaceLayout.BLOCKED_USED_AT), 0, RECORDS);
    }

    /**
     * Says that the calling thread is about to block. Everything it has stored before, such as what it holds, is seen by
     * whoever sees the record, and what others have stored before they said so is seen by the caller after this.
     *
     * @return the record, or {@link #NONE} if there is no room for one more: that wait is not seen then, but works
     */
    int enter(Awaited awaited, int state) {
        int record = claim();
        if (record == NONE) {
            return NONE;
        }
        Thread thread = Thread.currentThread();
        long at = recordAt(record);
        table.setInt(at + TARGET_AT, awaited.index());
        table.setInt(at + GENERATION_AT, awaited.generation());
        table.setLong(at + PROCESS_AT, awaited.process());
        table.setLong(at + TICKET_AT, 1 + header.getAndAddLong(SpaceLayout.WAIT_TICKETS_AT, 1));
        table.setLong(at + THREAD_AT, thread.threadId());
        table.setLong(at + SINCE_AT, System.nanoTime());
        THREAD_NAME.write(table, at, nameOf(thread));
        FRAME.write(table, at, CallerFrame.find());
        table.setLong(at + LOOKED_AT, 0);
        table.setLong(at + QUIET_AT, 0);
        table.setIntVolatile(at + STATE_AT, state);
        return record;
    }

    private static String nameOf(Thread thread) {
        if (!thread.getName().isEmpty()) {
            return thread.getName();
        }
        return (thread.isVirtual() ? "virtual #" : "#") + thread.threadId();
    }

    private int claim() {
        for (; ; ) {
            int used = used();
            for (int i = 0; i < used; i++) {
                int record = hint < used ? hint : 0;
                hint = record + 1;
                if (table.getIntAcquire(recordAt(record) + OWNER_AT) == 0
                        && table.casInt(recordAt(record) + OWNER_AT, 0, mine)) {
                    return record;
                }
            }
            if (used == RECORDS) {
                return NONE;
            }
            hint = used;
            try {
                int _ = extension.applyAsInt(used);
            } catch (SpaceFullException noMoreMemory) {
                return NONE;
            }
        }
    }

    /** Gives a record back. */
    void leave(int record) {
        table.setIntRelease(recordAt(record) + STATE_AT, IDLE);
        table.setIntRelease(recordAt(record) + OWNER_AT, 0);
        hint = record;
    }

    /** The caller's thread has looked, in vain, for what its record says it waits for. */
    void setLooked(int record) {
        table.setLong(recordAt(record) + LOOKED_AT, System.nanoTime());
    }

    long lookedAt(BlockedThread thread) {
        return table.getLongVolatile(recordAt(thread.record()) + LOOKED_AT);
    }

    /** What the caller's process says of all its threads. */
    void setQuiet(int record, long sum) {
        table.setLongVolatile(recordAt(record) + QUIET_AT, sum);
    }

    long quietOf(BlockedThread thread) {
        return table.getLongVolatile(recordAt(thread.record()) + QUIET_AT);
    }

    /** What a record says, without the texts; null if it says nothing, or something else by now. */
    @Nullable
    BlockedThread read(int record) {
        long at = recordAt(record);
        int state = table.getIntVolatile(at + STATE_AT);
        int member = table.getIntVolatile(at + OWNER_AT);
        long ticket = table.getLongVolatile(at + TICKET_AT);
        if (state == IDLE || member == 0) {
            return null;
        }
        BlockedThread thread = new BlockedThread(
                record,
                member,
                table.getLong(at + THREAD_AT),
                state,
                ticket,
                new Awaited(
                        table.getInt(at + TARGET_AT), table.getInt(at + GENERATION_AT), table.getLong(at + PROCESS_AT)),
                table.getLong(at + SINCE_AT));
        return isStill(at, state, member, ticket) ? thread : null;
    }

    private boolean isStill(long at, int state, int member, long ticket) {
        return table.getLongVolatile(at + TICKET_AT) == ticket
                && table.getIntVolatile(at + OWNER_AT) == member
                && table.getIntVolatile(at + STATE_AT) == state;
    }

    /** The record of a thread that waits without a time-out, or null. */
    @Nullable
    BlockedThread findEndless(Holder holder) {
        int used = used();
        for (int record = 0; record < used; record++) {
            long at = recordAt(record);
            if (table.getIntAcquire(at + OWNER_AT) == holder.member()
                    && table.getLong(at + THREAD_AT) == holder.thread()) {
                BlockedThread found = read(record);
                if (found != null && found.isEndless() && found.thread() == holder.thread()) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The record of a process's thread that waits without a time-out, or null. */
    @Nullable
    BlockedThread findEndless(Members members, long process, long thread) {
        int used = used();
        for (int record = 0; record < used; record++) {
            long at = recordAt(record);
            int owner = table.getIntAcquire(at + OWNER_AT);
            if (owner != 0 && table.getLong(at + THREAD_AT) == thread && members.processOf(owner) == process) {
                BlockedThread found = read(record);
                if (found != null && found.isEndless() && found.member() == owner && found.thread() == thread) {
                    return found;
                }
            }
        }
        return null;
    }

    /** The record of a member's thread of that name that waits without a time-out, or null. */
    @Nullable
    BlockedThread findEndless(int member, String threadName) {
        int used = used();
        for (int record = 0; record < used; record++) {
            if (table.getIntAcquire(recordAt(record) + OWNER_AT) == member) {
                BlockedThread found = read(record);
                if (found != null && found.isEndless() && threadName(found).equals(threadName)) {
                    return found;
                }
            }
        }
        return null;
    }

    String threadName(BlockedThread thread) {
        return THREAD_NAME.read(table, recordAt(thread.record()));
    }

    String frame(BlockedThread thread) {
        return FRAME.read(table, recordAt(thread.record()));
    }

    /** All that are blocked at this moment. */
    List<BlockedThread> all() {
        List<BlockedThread> all = new ArrayList<>();
        int used = used();
        for (int record = 0; record < used; record++) {
            BlockedThread thread = read(record);
            if (thread != null) {
                all.add(thread);
            }
        }
        return all;
    }

    /** Frees the records of a dead member. */
    void repair(int dead) {
        int used = used();
        for (int record = 0; record < used; record++) {
            if (table.getIntAcquire(recordAt(record) + OWNER_AT) == dead) {
                leave(record);
            }
        }
    }

    /** Records that are not free. */
    int countOwned() {
        int owned = 0;
        int used = used();
        for (int record = 0; record < used; record++) {
            if (table.getIntAcquire(recordAt(record) + OWNER_AT) != 0) {
                owned++;
            }
        }
        return owned;
    }
}
