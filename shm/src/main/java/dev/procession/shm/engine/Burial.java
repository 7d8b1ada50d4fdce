package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.REPAIR_LOCK_AT;

import dev.procession.shm.os.ProcessIdentity;
import java.util.function.IntFunction;

/**
 * What survivors do for a dead member of their space: everything it held is freed or marked, everything it was about is
 * forgotten, and last its slot is given back.
 *
 * <p>One survivor buries at a time, under the repair lock; it guards nothing but turns. All steps are idempotent: if the
 * undertaker dies on the way, the next one starts again from the beginning, and buries that one as well.
 */
final class Burial {
    private final AttachedSpace space;
    private final Members members;
    private final Directory directory;
    private final AllocationLock allocationLock;
    private final RobustLock repairLock;
    private final IntFunction<PrimitiveKind> kinds;

    Burial(AttachedSpace space, Cells header, AllocationLock allocationLock, IntFunction<PrimitiveKind> kinds) {
        this.space = space;
        this.members = space.members();
        this.directory = space.directory();
        this.allocationLock = allocationLock;
        this.repairLock = new RobustLock(header, REPAIR_LOCK_AT, space);
        this.kinds = kinds;
    }

    /**
     * Buries a member.
     *
     * @param slot its slot
     * @param dead who it was, known to run nothing any more; a slot that has another member by now is left alone
     * @return false if somebody else is at it, or an allocation is under way: look again soon
     */
    boolean of(int slot, ProcessIdentity dead) {
        // Before any lock is taken: the dead member may have died as an undertaker, holding them.
        members.markDead(slot, dead);
        if (!repairLock.tryAcquire(RobustLock.WhenInDoubt.TAKE).isHeld()) {
            return false;
        }
        try {
            repairLock.settle();
            if (!members.isMarkedDead(slot)) {
                return true; // somebody else was faster
            }
            if (!allocationLock.tryHold(() -> repairAll(slot, members.stampOf(slot)))) {
                return false;
            }
            members.free(slot);
            return true;
        } finally {
            repairLock.release();
        }
    }

    private void repairAll(int slot, int dead) {
        boolean orderly = members.hasBiddenFarewell(slot);
        int used = directory.used();
        for (int index = 0; index < used; index++) {
            directory.reclaimFromDead(index, dead);
            long word = directory.wordOf(index);
            int state = EntryLayout.stateOf(word);
            if (state == EntryLayout.LIVE || state == EntryLayout.CLOSED) {
                PrimitiveKind kind = kinds.apply(EntryLayout.kindOf(word));
                Cells payload = space.payloadOf(index, kind);
                if (state == EntryLayout.CLOSED) {
                    kind.close(payload);
                }
                kind.repair(new PrimitiveKind.Remains(space, index, payload, dead, orderly));
            }
            directory.clearAttached(index, slot);
            directory.reclaim(index);
        }
        space.waiters().repair(dead);
        space.deadlocks().repair(dead);
    }

    String describeLocks() {
        return "repair lock: owner=" + Integer.toHexString(repairLock.owner()) + ", allocation lock: owner="
                + Integer.toHexString(allocationLock.owner());
    }
}
