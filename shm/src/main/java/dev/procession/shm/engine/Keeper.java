package dev.procession.shm.engine;

import dev.procession.shm.os.Futex;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.RobustList;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread by whose end others learn that this JVM has died, and which learns of the end of others.
 *
 * <p>One a JVM, as long as it is a member of some space. Three facts carry the design:
 *
 * <ol>
 *   <li>The kernel marks the life words of a thread when the thread ends, before it tears down the process's memory. So
 *       this thread keeps the life word of each of its JVM's member slots in its {@link RobustList}, and is left alone by
 *       everything else. Others see a death in about a millisecond, however large the process was.
 *   <li>The kernel wakes one waiter of a word, and that one may itself be dying. So whoever notices wakes all others, and
 *       everybody looks around every 50 ms anyway.
 *   <li>This thread may end microseconds before the last thread of its process has run its last instruction. So nobody is
 *       buried before {@link ProcessIdentity#isQuiescent} says that no store of it can come any more. A keeper that ends
 *       while its process goes on, which would be a fault of ours, buries nobody.
 * </ol>
 *
 * <p>A second line, for kernels without robust lists and for members that died before they had set their life word:
 * every second each keeper looks up the others by process number and start time.
 *
 * <p>The thread waits for its own doorbells and for the life words of all other members at once, where the kernel can do
 * that and they are not more than 126; else it just looks every 50 ms. It never waits for a lock. Source: DESIGN D3;
 * Linux robust-futexes.rst.
 */
final class Keeper implements Runnable {
    private static final Logger LOG = System.getLogger("dev.procession.shm");
    private static final VarHandle WORD = ValueLayout.JAVA_INT.varHandle();
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long SOON_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long SECOND_LINE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The JVM's keeper, or null while it is a member of no space. Guarded by the class. */
    private static @Nullable Keeper current;

    private final Thread thread =
            Thread.ofPlatform().daemon().name("procession-keeper").unstarted(this);
    private final List<AttachedSpace> spaces = new CopyOnWriteArrayList<>();
    private final CountDownLatch registered = new CountDownLatch(1);

    /** Held while the keeper looks into a space; {@link #dismiss} takes it, so that it unmaps nothing under our eyes. */
    private final ReentrantLock round = new ReentrantLock();

    /** A word of this JVM alone, by which its other threads wake the keeper. Never freed: one a keeper, four bytes. */
    private final MemorySegment bell = Arena.global().allocate(4, 4);

    private volatile boolean stopped;
    private volatile @Nullable RobustList list;

    // Only accessed by the keeper's thread.
    private final long[] addresses = new long[Futex.MOST_WORDS];
    private final int[] expected = new int[Futex.MOST_WORDS];
    private int words;
    private boolean overflowed;
    private long nextSecondLine;
    private int complaints;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(Keeper::bidFarewell, "procession-farewell"));
        } catch (IllegalStateException endingAlready) {
            // then nobody will hear from us again anyway
        }
    }

    private Keeper() {}

    /** The JVM ends in order: nobody need take this member's end for an accident. */
    private static synchronized void bidFarewell() {
        if (current != null) {
            for (AttachedSpace space : current.spaces) {
                space.members().bidFarewell(Stamp.slotOf(space.stamp()));
            }
        }
    }

    /** Begins to keep a space: from the return on this member's death is noticed at once. */
    static void adopt(AttachedSpace space) {
        synchronized (Keeper.class) {
            if (current == null) {
                current = new Keeper();
                current.thread.start();
            }
            current.add(space);
        }
        space.members().ringOthers(Stamp.slotOf(space.stamp()));
    }

    private void add(AttachedSpace space) {
        boolean interrupted = false;
        while (true) {
            try {
                registered.await();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (list != null) {
            space.members().beginLife(Stamp.slotOf(space.stamp()), list);
        }
        spaces.add(space);
        ring();
    }

    /** Stops keeping a space; from the return on the keeper does not touch it any more. */
    static void dismiss(AttachedSpace space) {
        Keeper ended = null;
        synchronized (Keeper.class) {
            if (current == null || !current.remove(space)) {
                return;
            }
            if (current.spaces.isEmpty()) {
                ended = current;
                current = null;
            }
        }
        if (ended != null) {
            ended.stopped = true;
            ended.ring();
        }
    }

    /** Keeps this JVM's keeper from looking around, if it has one, until the result is closed by the same thread. For tests. */
    static AutoCloseable heldUp() {
        Keeper held;
        synchronized (Keeper.class) {
            held = current;
        }
        if (held == null) {
            return () -> {};
        }
        held.round.lock();
        return held.round::unlock;
    }

    /** The spaces this JVM is a member of. */
    static synchronized List<AttachedSpace> spaces() {
        return current == null ? List.of() : List.copyOf(current.spaces);
    }

    private boolean remove(AttachedSpace space) {
        round.lock();
        try {
            if (!spaces.remove(space)) {
                return false;
            }
            if (list != null) {
                space.members().endLife(Stamp.slotOf(space.stamp()), list);
            }
        } finally {
            round.unlock();
        }
        ring();
        return true;
    }

    private void ring() {
        int _ = (int) WORD.getAndAdd(bell, 0L, 1);
        if (Futex.isAvailable()) {
            Futex.wake(bell.address(), 1);
        } else {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        list = RobustList.ofCurrentThread(MemberLayout.NODE_TO_LIFE_BYTES);
        registered.countDown();
        while (!stopped) {
            long pause = ROUND_NANOS;
            try {
                round.lock();
                try {
                    // First what to wait for, then the look: what changes after the look ends the wait at once.
                    collectWords();
                    pause = lookAround();
                } finally {
                    round.unlock();
                }
            } catch (RuntimeException | Error thrown) {
                complain(thrown);
            }
            sleep(pause);
        }
    }

    /** A keeper must not end while its JVM goes on; what went wrong is told, and tried again in the next round. */
    private void complain(Throwable thrown) {
        if (complaints++ < 10) {
            LOG.log(Level.ERROR, "the keeper of shared memory failed in a round and goes on", thrown);
        }
    }

    private void collectWords() {
        words = 0;
        overflowed = false;
        addWord(bell.address(), (int) WORD.getVolatile(bell, 0L));
        for (AttachedSpace space : spaces) {
            Members members = space.members();
            int self = Stamp.slotOf(space.stamp());
            addWord(members.doorbellAddress(self), members.doorbell(self));
            for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
                if (slot != self && members.isTaken(slot)) {
                    addWord(members.lifeAddress(slot), members.lifeWord(slot));
                }
            }
        }
    }

    private void addWord(long address, int value) {
        if (words == Futex.MOST_WORDS) {
            overflowed = true;
            return;
        }
        addresses[words] = address;
        expected[words] = value;
        words++;
    }

    private void sleep(long nanos) {
        if (Futex.canAwaitAny()) {
            Futex.awaitAny(addresses, expected, words, nanos);
        } else if (Futex.isAvailable()) {
            Futex.await(addresses[0], expected[0], nanos);
        } else {
            LockSupport.parkNanos(nanos);
        }
    }

    /** One round through all spaces; the result is how long to sleep at most. */
    private long lookAround() {
        boolean secondLine = list == null || overflowed || System.nanoTime() - nextSecondLine >= 0;
        if (secondLine) {
            nextSecondLine = System.nanoTime() + SECOND_LINE_NANOS;
        }
        boolean soon = false;
        for (AttachedSpace space : spaces) {
            Members members = space.members();
            int self = Stamp.slotOf(space.stamp());
            members.beat(self);
            for (int slot = 0; slot < MemberLayout.SLOTS; slot++) {
                if (slot != self) {
                    soon |= !isInOrder(space, slot, secondLine);
                }
            }
            space.letGoOfClosed();
            space.letGoOfUnreachable();
            if (secondLine) {
                space.reclaimLeftovers();
            }
        }
        return soon ? SOON_NANOS : ROUND_NANOS;
    }

    /** Buries a slot's member if it is dead; false if that has to be tried again soon. */
    private static boolean isInOrder(AttachedSpace space, int slot, boolean secondLine) {
        Members members = space.members();
        ProcessIdentity member = members.identityOf(slot);
        if (member == null) {
            return true;
        }
        if (members.isMarkedDead(slot)) {
            return space.bury(slot, member);
        }
        if (!(members.kernelSawItEnd(slot) || (secondLine && !member.isAlive()))) {
            return true;
        }
        if (!member.isQuiescent()) {
            return !members.kernelSawItEnd(slot);
        }
        return space.bury(slot, member);
    }
}
