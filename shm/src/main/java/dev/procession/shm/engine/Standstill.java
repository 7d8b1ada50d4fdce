package dev.procession.shm.engine;

import dev.procession.shm.os.ProcessIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A family in which every thread of every process waits, without a time-out, for another: nobody is left who could put the
 * item, or give back the permit, that they wait for. Where it is not known who holds what, this is how a deadlock is told.
 *
 * <p><b>How it is known that all wait.</b> Each process knows its own threads. If all of them have records in the table of
 * blocked threads, one of them says so in its record, by the number of these records and the sum of their tickets. As long as
 * the process's records still have that sum, none of its threads has gone on: a new record has a higher ticket than all
 * before.
 *
 * <p><b>That none will go on.</b> A thread that waits looks every 20 ms whether it has what it wants, and notes when it did.
 * Once all threads have looked in vain after the last one began to wait, nothing changes any more: whoever could change it
 * waits. A process that is stopped does not look, so there is no alarm about it.
 *
 * <p>Processes of the family that are no members of the space, such as one that just starts, count as running. So do named
 * spaces, which anybody may open: there is no such thing as everybody.
 */
final class Standstill {
    private static final int COUNT_BITS = 16;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final SpaceWaits waits;
    private final BlockedThreads blocked;
    private final int mine;
    private final @Nullable ProcessIdentity root;

    /** Held by the thread of this JVM that looks: they need not all do it. */
    private final ReentrantLock looking = new ReentrantLock();

    // Guarded by looking.
    private long nextLook = System.nanoTime();
    private List<BlockedThread> seen = List.of();
    private boolean told;

    /**
     * A standstill in a space.
     *
     * @param waits who waits in it
     * @param mine this member's stamp
     * @param root the process that made the space; null if it has a name
     */
    Standstill(SpaceWaits waits, int mine, @Nullable ProcessIdentity root) {
        this.waits = waits;
        this.blocked = waits.blocked();
        this.mine = mine;
        this.root = root;
    }

    /**
     * Says whether all threads of this process wait, and looks whether all of the family do. It is told by the process whose
     * thread began to wait last, if it sees the same for the second time.
     *
     * @param record of the calling thread
     * @return all waits, beginning with the last that began, if they are to be told of now
     */
    List<BlockedThread> look(int record) {
        if (root == null || !looking.tryLock()) {
            return List.of();
        }
        try {
            if (System.nanoTime() - nextLook < 0) {
                return List.of();
            }
            nextLook = System.nanoTime() + PAUSE_NANOS;
            List<BlockedThread> before = seen;
            seen = say(record) ? all() : List.of();
            boolean again =
                    !seen.isEmpty() && seen.equals(before) && seen.getFirst().member() == mine;
            boolean first = again && !told;
            told = again;
            return first ? seen : List.of();
        } finally {
            looking.unlock();
        }
    }

    /** Whether all threads of this process are in their waits: those that were before the look at the threads still are. */
    private boolean say(int record) {
        List<BlockedThread> before = own();
        Set<Long> ids = new HashSet<>();
        for (BlockedThread thread : before) {
            ids.add(thread.thread());
        }
        boolean quiet = OwnThreads.areAmong(ids) && own().equals(before);
        blocked.setQuiet(record, quiet ? sumOf(before) : 0);
        return quiet;
    }

    private List<BlockedThread> own() {
        List<BlockedThread> own = new ArrayList<>();
        for (BlockedThread thread : blocked.all()) {
            if (thread.member() == mine && thread.isEndless()) {
                own.add(thread);
            }
        }
        return own;
    }

    private static long sumOf(List<BlockedThread> threads) {
        long tickets = 0;
        for (BlockedThread thread : threads) {
            tickets += thread.ticket();
        }
        return tickets << COUNT_BITS | threads.size();
    }

    /** All waits of the family, if all of it waits; the last that began comes first. */
    List<BlockedThread> all() {
        List<BlockedThread> all = ofTheLiving();
        boolean still = !all.isEmpty()
                && all.stream().allMatch(this::isForGood)
                && all.stream().anyMatch(BlockedThread::isForAnybody)
                && allSayTheyWait(all)
                && allHaveLooked(all)
                && nobodyElseIsThere();
        if (!still || !ofTheLiving().equals(all)) {
            return List.of();
        }
        all.sort(Comparator.comparingLong(BlockedThread::sinceNanoTime).reversed());
        return all;
    }

    private List<BlockedThread> ofTheLiving() {
        List<BlockedThread> all = blocked.all();
        all.removeIf(waits::isDead);
        return all;
    }

    private boolean isForGood(BlockedThread thread) {
        return thread.isEndless() && !waits.endsWithTime(thread.awaited());
    }

    private boolean allSayTheyWait(List<BlockedThread> all) {
        for (int member : waits.living()) {
            List<BlockedThread> its =
                    all.stream().filter(wait -> wait.member() == member).toList();
            long sum = sumOf(its);
            if (its.stream().noneMatch(wait -> blocked.quietOf(wait) == sum)) {
                return false;
            }
        }
        return true;
    }

    private boolean allHaveLooked(List<BlockedThread> all) {
        long last = all.stream().mapToLong(BlockedThread::sinceNanoTime).max().orElseThrow();
        return all.stream().allMatch(wait -> blocked.lookedAt(wait) > last);
    }

    /** A process that is no member, but of the family, may become one. */
    private boolean nobodyElseIsThere() {
        Set<Long> pids = new HashSet<>();
        for (int member : waits.living()) {
            pids.add(waits.pidOf(member));
        }
        long rootPid = Objects.requireNonNull(root).pid();
        return pids.contains(rootPid)
                && ProcessHandle.of(rootPid)
                        .map(process -> process.descendants()
                                .filter(ProcessHandle::isAlive)
                                .allMatch(child -> pids.contains(child.pid())))
                        .orElse(false);
    }
}
