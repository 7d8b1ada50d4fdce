package dev.procession.shm.engine;

import static dev.procession.shm.engine.WaiterLayout.DISMISSED;
import static dev.procession.shm.engine.WaiterLayout.GENERATION_AT;
import static dev.procession.shm.engine.WaiterLayout.IDLE;
import static dev.procession.shm.engine.WaiterLayout.NUDGES_AT;
import static dev.procession.shm.engine.WaiterLayout.OWNER_AT;
import static dev.procession.shm.engine.WaiterLayout.PURPOSE_AT;
import static dev.procession.shm.engine.WaiterLayout.RECORDS;
import static dev.procession.shm.engine.WaiterLayout.SIGNALLED;
import static dev.procession.shm.engine.WaiterLayout.STATE_AT;
import static dev.procession.shm.engine.WaiterLayout.TARGET_AT;
import static dev.procession.shm.engine.WaiterLayout.THREAD_AT;
import static dev.procession.shm.engine.WaiterLayout.TICKET_AT;
import static dev.procession.shm.engine.WaiterLayout.WAITING;
import static dev.procession.shm.engine.WaiterLayout.recordAt;

import dev.procession.core.SpaceFullException;
import java.util.function.IntUnaryOperator;

/**
 * The table of the threads that wait in order: for their turn at a fair lock, or to be signalled. See {@link
 * WaiterLayout} for the states of a record.
 *
 * <p>Whoever looks for the first waiter reads the table as far as it was ever used; that is a few nanoseconds a record.
 */
final class Waiters {
    private static final int NONE = -1;

    private final Cells table;
    private final Cells header;
    private final int mine;

    /** Sets memory aside and takes one more record into use, under the allocation lock; takes and gives `used`. */
    private final IntUnaryOperator extension;

    /** Where this JVM looks for a free record next. Racy: just a hint. */
    private int hint;

    Waiters(Cells header, Cells table, int mine, IntUnaryOperator extension) {
        this.header = header;
        this.table = table;
        this.mine = mine;
        this.extension = extension;
    }

    private int used() {
        return Math.clamp(header.getIntAcquire(SpaceLayout.WAITERS_USED_AT), 0, RECORDS);
    }

    Cells cells() {
        return table;
    }

    static long nudgesAt(int record) {
        return recordAt(record) + NUDGES_AT;
    }

    int nudges(int record) {
        return table.getIntVolatile(nudgesAt(record));
    }

    /** Lines the calling thread up at a primitive; the record is its place until it leaves. */
    int enter(int target, int generation, Turns.Purpose purpose, long ticket) {
        int record = claim();
        table.setInt(recordAt(record) + PURPOSE_AT, purpose.code);
        table.setInt(recordAt(record) + TARGET_AT, target);
        table.setInt(recordAt(record) + GENERATION_AT, generation);
        table.setLong(recordAt(record) + TICKET_AT, ticket);
        table.setLong(recordAt(record) + THREAD_AT, Thread.currentThread().threadId());
        table.setIntVolatile(recordAt(record) + STATE_AT, WAITING);
        return record;
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
                throw new SpaceFullException(
                        "too many threads wait in order: waiters=" + RECORDS + ", in " + table.owner());
            }
            hint = used;
            int _ = extension.applyAsInt(used);
        }
    }

    boolean isSignalled(int record) {
        return table.getIntVolatile(recordAt(record) + STATE_AT) == SIGNALLED;
    }

    boolean isDismissed(int record) {
        return table.getIntVolatile(recordAt(record) + STATE_AT) == DISMISSED;
    }

    /** Stops waiting for a signal; false if it has come already. */
    boolean cancel(int record) {
        return table.casInt(recordAt(record) + STATE_AT, WAITING, IDLE);
    }

    /** Gives the record back. */
    void leave(int record) {
        table.setIntRelease(recordAt(record) + STATE_AT, IDLE);
        table.setIntRelease(recordAt(record) + OWNER_AT, 0);
        hint = record;
    }

    /** Whether nobody who waits at the record's primitive goes before it. */
    boolean isFirst(int record) {
        long at = recordAt(record);
        return first(table.getInt(at + TARGET_AT), table.getInt(at + GENERATION_AT), Long.MAX_VALUE) == record;
    }

    /** The waiting record with the lowest ticket up to a limit, or -1. */
    private int first(int target, int generation, long lastTicket) {
        int first = NONE;
        long lowest = lastTicket;
        int used = used();
        for (int record = 0; record < used; record++) {
            if (isAt(record, target, generation)) {
                long ticket = table.getLong(recordAt(record) + TICKET_AT);
                if (ticket <= lowest) {
                    first = record;
                    lowest = ticket;
                }
            }
        }
        return first;
    }

    /** Whether anybody waits at a primitive. */
    boolean isAnybodyAt(int target, int generation) {
        return first(target, generation, Long.MAX_VALUE) != NONE;
    }

    int countAt(int target, int generation) {
        int count = 0;
        int used = used();
        for (int record = 0; record < used; record++) {
            if (isAt(record, target, generation)) {
                count++;
            }
        }
        return count;
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

    private boolean isAt(int record, int target, int generation) {
        long at = recordAt(record);
        return table.getIntAcquire(at + STATE_AT) == WAITING
                && table.getInt(at + TARGET_AT) == target
                && table.getInt(at + GENERATION_AT) == generation;
    }

    /** Has the first in line look whether it is its turn. */
    void nudgeFirst(int target, int generation) {
        int record = first(target, generation, Long.MAX_VALUE);
        if (record != NONE) {
            nudge(record);
        }
    }

    void nudgeAll(int target, int generation) {
        int used = used();
        for (int record = 0; record < used; record++) {
            if (isAt(record, target, generation)) {
                nudge(record);
            }
        }
    }

    /** Whether a member has a thread in line. */
    boolean isInLine(int target, int generation, int member) {
        int used = used();
        for (int record = 0; record < used; record++) {
            if (isAt(record, target, generation) && table.getIntAcquire(recordAt(record) + OWNER_AT) == member) {
                return true;
            }
        }
        return false;
    }

    private void nudge(int record) {
        table.getAndAddInt(nudgesAt(record), 1);
        Waiter.wake(table, nudgesAt(record), 1);
    }

    /**
     * Signals the first in line.
     *
     * @return whether there was one
     */
    boolean signalFirst(int target, int generation, long lastTicket) {
        return releaseFirst(target, generation, lastTicket, SIGNALLED);
    }

    /** Sends the first in line away; false if there is nobody. */
    boolean dismissFirst(int target, int generation, long lastTicket) {
        return releaseFirst(target, generation, lastTicket, DISMISSED);
    }

    private boolean releaseFirst(int target, int generation, long lastTicket, int state) {
        for (; ; ) {
            int record = first(target, generation, lastTicket);
            if (record == NONE) {
                return false;
            }
            if (table.casInt(recordAt(record) + STATE_AT, WAITING, state)) {
                nudge(record);
                return true;
            }
        }
    }

    /**
     * Frees the records of a dead member. A signal that it had got and not yet acted on goes to the next in line, before
     * the record is freed: if the one who does this dies in between, the signal goes out twice, and a waiter wakes for
     * nothing, which it has to expect anyway.
     */
    void repair(int dead) {
        int used = used();
        for (int record = 0; record < used; record++) {
            long at = recordAt(record);
            if (table.getIntAcquire(at + OWNER_AT) == dead) {
                int target = table.getInt(at + TARGET_AT);
                int generation = table.getInt(at + GENERATION_AT);
                int state = table.getIntAcquire(at + STATE_AT);
                if (state == SIGNALLED && table.getInt(at + PURPOSE_AT) == Turns.Purpose.SIGNAL.code) {
                    signalFirst(target, generation, Long.MAX_VALUE);
                }
                leave(record);
                if (state == WAITING) {
                    nudgeFirst(target, generation);
                }
            }
        }
    }
}
