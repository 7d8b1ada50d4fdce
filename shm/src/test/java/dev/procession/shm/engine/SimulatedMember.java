package dev.procession.shm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.CrashPointExplorer.Deaths;
import dev.procession.conformance.CrashPointExplorer.Fate;
import dev.procession.shm.os.ProcessIdentity;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** A second member of a space, in this JVM: one that can die without taking the JVM along. */
public final class SimulatedMember implements AutoCloseable {
    /** Deaths as {@link CrashPoints} has them. */
    public static final Deaths DEATHS = new Deaths() {
        @Override
        public void dieBefore(int store) {
            CrashPoints.dieBefore(store);
        }

        @Override
        public Fate resurrect() {
            boolean died = CrashPoints.isDead();
            return new Fate(CrashPoints.resurrect(), died);
        }
    };

    private final AttachedSpace survivor;
    private final AttachedSpace space;
    private boolean buried;

    public SimulatedMember(AttachedSpace survivor, IntFunction<PrimitiveKind> kinds) {
        this.survivor = survivor;
        this.space = AttachedSpace.attach(survivor.address(), kinds);
    }

    public AttachedSpace space() {
        return space;
    }

    /** Marks the member dead and has the survivor do for it what a keeper does. */
    public void dieAndBeBuried() {
        buryBy(survivor);
    }

    public void buryBy(AttachedSpace undertaker) {
        Keeper.dismiss(space);
        buried = true;
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!undertaker.bury(Stamp.slotOf(space.stamp()), ProcessIdentity.current())) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("cannot be buried: " + Integer.toHexString(space.stamp()) + " by "
                        + Integer.toHexString(undertaker.stamp()) + ", " + undertaker.describeLocks());
            }
            Thread.onSpinWait();
        }
    }

    /** While the result is open nobody is buried but by the test. */
    public static AutoCloseable withoutKeeper() {
        return Keeper.heldUp();
    }

    /** Entries that are not free: what lives, and what is being made or given up. */
    public static int entriesInUse(AttachedSpace space) {
        int inUse = 0;
        for (int index = 0; index < space.directory().used(); index++) {
            if (EntryLayout.stateOf(space.directory().wordOf(index)) != EntryLayout.FREE) {
                inUse++;
            }
        }
        return inUse;
    }

    /** Inspects and closes primitives of a kind that no member is attached to. */
    public static void closeUnknown(AttachedSpace space, PrimitiveKind kind, Consumer<Cells> inspection) {
        for (int index = 0; index < space.directory().used(); index++) {
            long word = space.directory().wordOf(index);
            boolean attached = space.directory().isAnybodyAttached(index);
            if (!attached
                    && EntryLayout.stateOf(word) == EntryLayout.LIVE
                    && EntryLayout.kindOf(word) == kind.number()) {
                inspection.accept(space.payloadOf(index, kind));
                assertThat(space.directory().close(index, EntryLayout.generationOf(word)))
                        .isTrue();
                space.reclaimLeftovers();
            }
        }
    }

    public static int waiters(AttachedSpace space) {
        return space.waiters().countOwned();
    }

    public static int blocked(AttachedSpace space) {
        return space.deadlocks().blocked().countOwned();
    }

    /** Slots that are not free: the living, and the dead that are not buried. */
    public static int members(AttachedSpace space) {
        int members = 0;
        for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
            if (space.members().identityOf(slot) != null) {
                members++;
            }
        }
        return members;
    }

    /** Unmaps what the member had; leaves in order if it did not die. */
    @Override
    public void close() {
        if (buried) {
            space.abandon();
        } else {
            space.close();
        }
    }
}
