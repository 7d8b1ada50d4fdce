package dev.procession.shm.engine;

import static dev.procession.shm.engine.MemberLayout.BURIALS_AT;
import static dev.procession.shm.engine.MemberLayout.DEAD;
import static dev.procession.shm.engine.MemberLayout.DOORBELL_AT;
import static dev.procession.shm.engine.MemberLayout.FAREWELL_AT;
import static dev.procession.shm.engine.MemberLayout.HEARTBEAT_AT;
import static dev.procession.shm.engine.MemberLayout.IDENTITY_AT;
import static dev.procession.shm.engine.MemberLayout.JOINED_AT;
import static dev.procession.shm.engine.MemberLayout.LIFE_AT;
import static dev.procession.shm.engine.MemberLayout.NAME;
import static dev.procession.shm.engine.MemberLayout.NODE_AT;
import static dev.procession.shm.engine.MemberLayout.SLOTS;
import static dev.procession.shm.engine.MemberLayout.SLOT_BYTES;
import static dev.procession.shm.engine.MemberLayout.STATE_MASK;
import static dev.procession.shm.engine.MemberLayout.TAKEN;
import static dev.procession.shm.engine.MemberLayout.slotAt;

import dev.procession.core.SpaceFullException;
import dev.procession.core.spi.ProcessName;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.RobustList;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The member table of a space: which JVMs use it, and which of those have died.
 *
 * <p>A member counts as dead once its slot is marked DEAD, or has been given back since. Keepers mark it after they have
 * made sure that the process runs nothing any more; from then on whatever bears its stamp may be repaired, and nothing
 * the dead process does can come in between.
 */
final class Members {
    private final Cells table;

    Members(Cells table) {
        this.table = table;
    }

    /**
     * Takes a free slot. The member dies with its process from this one store on, though only the life word, set later,
     * makes that quick.
     *
     * @return the new member's stamp
     * @throws SpaceFullException if there is none
     */
    int join(ProcessIdentity self) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (table.casLong(slotAt(slot) + IDENTITY_AT, 0, TAKEN | self.pack())) {
                table.setLong(slotAt(slot) + JOINED_AT, System.nanoTime());
                table.setLong(slotAt(slot) + HEARTBEAT_AT, System.nanoTime());
                NAME.write(table, slotAt(slot), ProcessName.get());
                return stampOf(slot);
            }
        }
        throw new SpaceFullException("no slot left for another member: members=" + SLOTS + ", in " + table.owner());
    }

    int stampOf(int slot) {
        return Stamp.of(slot, table.getIntAcquire(slotAt(slot) + BURIALS_AT));
    }

    /** Whether the member is known to be dead; reads two words and never waits. */
    boolean isDead(int stamp) {
        int slot = Stamp.slotOf(stamp);
        return (table.getLongAcquire(slotAt(slot) + IDENTITY_AT) & STATE_MASK) != TAKEN || stampOf(slot) != stamp;
    }

    boolean isTaken(int slot) {
        return (table.getLongAcquire(slotAt(slot) + IDENTITY_AT) & STATE_MASK) == TAKEN;
    }

    boolean isMarkedDead(int slot) {
        return (table.getLongAcquire(slotAt(slot) + IDENTITY_AT) & STATE_MASK) == DEAD;
    }

    /** The slot's member, dead or alive, or null if the slot is free. */
    @Nullable
    ProcessIdentity identityOf(int slot) {
        return ProcessIdentity.unpack(table.getLongAcquire(slotAt(slot) + IDENTITY_AT));
    }

    /** What the slot's process is called, dead or alive; empty if nobody has said, or the slot is free. */
    String nameOf(int slot) {
        return NAME.read(table, slotAt(slot));
    }

    /** Such as {@code pid=4711}, or what is known of one that is gone. */
    String describe(int stamp) {
        ProcessIdentity identity = identityOf(Stamp.slotOf(stamp));
        return identity == null || stampOf(Stamp.slotOf(stamp)) != stamp
                ? "member=" + Integer.toHexString(stamp)
                : "pid=" + identity.pid();
    }

    /** What a member's process is called, or what is known of one that is gone. */
    String processName(int stamp) {
        String name = nameOf(Stamp.slotOf(stamp));
        return name.isEmpty() || stampOf(Stamp.slotOf(stamp)) != stamp ? describe(stamp) : name;
    }

    /** The living member that a process is; 0 if it is none. */
    int memberOf(long packedIdentity) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (table.getLongAcquire(slotAt(slot) + IDENTITY_AT) == (TAKEN | packedIdentity)) {
                return stampOf(slot);
            }
        }
        return 0;
    }

    /** The stamps of those that are not known to be dead. */
    List<Integer> living() {
        List<Integer> living = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (isTaken(slot)) {
                living.add(stampOf(slot));
            }
        }
        return living;
    }

    /** The packed identity of a member's process; 0 if it is known to be dead. */
    long processOf(int stamp) {
        long word = table.getLongAcquire(slotAt(Stamp.slotOf(stamp)) + IDENTITY_AT);
        return isDead(stamp) ? 0 : word & ~STATE_MASK;
    }

    /** A member's process number; 0 if it is gone. */
    long pidOf(int stamp) {
        ProcessIdentity identity = identityOf(Stamp.slotOf(stamp));
        return identity == null ? 0 : identity.pid();
    }

    /** Whether the kernel has seen the member's keeper end. */
    boolean kernelSawItEnd(int slot) {
        return (table.getIntAcquire(slotAt(slot) + LIFE_AT) & RobustList.OWNER_DIED) != 0;
    }

    /**
     * Marks a member dead, and wakes every keeper that waits for its life word: the kernel woke but one. Needs no lock,
     * and must not: the dead member may hold any of them. Does nothing if another has the slot by now.
     */
    void markDead(int slot, ProcessIdentity member) {
        table.casLong(slotAt(slot) + IDENTITY_AT, TAKEN | member.pack(), DEAD | member.pack());
        Waiter.wake(table, slotAt(slot) + LIFE_AT, Integer.MAX_VALUE);
    }

    /** Gives the slot of a member that is dead, or that has left, to the next; nothing may bear its stamp any more. */
    void free(int slot) {
        table.setInt(slotAt(slot) + LIFE_AT, 0);
        table.setInt(slotAt(slot) + FAREWELL_AT, 0);
        table.setLong(slotAt(slot) + NODE_AT, 0);
        NAME.clear(table, slotAt(slot));
        table.setLong(slotAt(slot) + HEARTBEAT_AT, 0);
        table.setIntRelease(slotAt(slot) + BURIALS_AT, table.getInt(slotAt(slot) + BURIALS_AT) + 1);
        table.setLongRelease(slotAt(slot) + IDENTITY_AT, 0);
    }

    /** Entrusts a member's life to the kernel. Linked first, set second: a word that is set is sure to be found. */
    void beginLife(int slot, RobustList list) {
        list.add(node(slot));
        table.setIntVolatile(slotAt(slot) + LIFE_AT, list.tid() | RobustList.WAITERS);
    }

    /** The reverse, in the reverse order. */
    void endLife(int slot, RobustList list) {
        table.setIntVolatile(slotAt(slot) + LIFE_AT, 0);
        list.remove(node(slot));
    }

    private MemorySegment node(int slot) {
        return table.memory().asSlice(slotAt(slot) + NODE_AT, 8);
    }

    /** Says that the member's JVM is about to end in order. */
    void bidFarewell(int slot) {
        table.setIntRelease(slotAt(slot) + FAREWELL_AT, 1);
    }

    boolean hasBiddenFarewell(int slot) {
        return table.getIntAcquire(slotAt(slot) + FAREWELL_AT) != 0;
    }

    int lifeWord(int slot) {
        return table.getIntAcquire(slotAt(slot) + LIFE_AT);
    }

    long lifeAddress(int slot) {
        return table.address(slotAt(slot) + LIFE_AT);
    }

    int doorbell(int slot) {
        return table.getIntAcquire(slotAt(slot) + DOORBELL_AT);
    }

    long doorbellAddress(int slot) {
        return table.address(slotAt(slot) + DOORBELL_AT);
    }

    /** Has a member's keeper look around soon. */
    void ring(int slot) {
        table.getAndAddInt(slotAt(slot) + DOORBELL_AT, 1);
        Waiter.wake(table, slotAt(slot) + DOORBELL_AT, 1);
    }

    void ringOthers(int self) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (slot != self && isTaken(slot)) {
                ring(slot);
            }
        }
    }

    void beat(int slot) {
        table.setLongRelease(slotAt(slot) + HEARTBEAT_AT, System.nanoTime());
    }

    int countTaken() {
        int taken = 0;
        for (long at = IDENTITY_AT; at < SLOTS * SLOT_BYTES; at += SLOT_BYTES) {
            if ((table.getLongAcquire(at) & STATE_MASK) == TAKEN) {
                taken++;
            }
        }
        return taken;
    }
}
