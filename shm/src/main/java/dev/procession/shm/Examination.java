package dev.procession.shm;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Holder;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.engine.SpaceCheckup;
import dev.procession.shm.engine.SpaceCheckup.Findings;
import dev.procession.shm.engine.SpaceCheckup.Primitive;
import dev.procession.shm.os.OpenFiles;
import dev.procession.shm.queue.QueueGlance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who holds what, and who waits for whom, in a space at one moment: what {@code ./procession doctor} shows. Made by {@link
 * NamedSpaces#examine}, and by {@link #ofFamilies} for spaces without a name. Both change nothing and make nobody a member.
 *
 * @param name the space's name; for one without it {@code anonymous-} and the digits that stand for it in messages
 * @param deadlockPolicy what is done about deadlocks in it: throw, report, break or off
 * @param members the processes that use it, alive, or dead and not cleared away yet
 * @param locks its locks
 * @param queues its queues
 * @param otherWaits threads that block for something else than a lock, such as the end of a child
 * @param deadlocks each circle of threads that wait for each other, in words, beginning with the wait that closed it
 */
public record Examination(
        String name,
        String deadlockPolicy,
        List<Member> members,
        List<Lock> locks,
        List<Queue> queues,
        List<Waiter> otherWaits,
        List<String> deadlocks) {

    /** What the files of spaces are called in /proc, in memory or in a folder of spaces. */
    private static final String SPACE_LABEL = "procession-";

    /**
     * A process that uses the space.
     *
     * @param pid its number
     * @param name what it is called
     * @param alive whether it lives; a dead one is cleared away by the others, or by whoever opens the space next
     */
    public record Member(long pid, String name, boolean alive) {}

    /**
     * A lock.
     *
     * @param label its name, or what stands for it
     * @param type such as {@code SharedReentrantLock}
     * @param owner who holds it
     * @param inDoubt whether somebody died holding it, and what it guards may be half-changed
     * @param waiters who waits for it
     */
    public record Lock(String label, String type, Optional<Owner> owner, boolean inDoubt, List<Waiter> waiters) {}

    /**
     * Who holds a lock.
     *
     * @param pid its process
     * @param process what that is called
     * @param thread the thread's id there; 0 if it is not known which
     * @param alive whether the process lives
     */
    public record Owner(long pid, String process, long thread, boolean alive) {}

    /**
     * A thread that blocks.
     *
     * @param pid its process
     * @param process what that is called
     * @param thread what the thread is called
     * @param frame the line of the program that waits, such as {@code Meal.java:41}; may be empty
     * @param waited for how long
     * @param endless whether it waits without a time-out
     */
    public record Waiter(long pid, String process, String thread, String frame, Duration waited, boolean endless) {}

    /**
     * A queue.
     *
     * @param label its name, or what stands for it
     * @param waiting how many items wait in it
     * @param leased how many are leased
     * @param deadLetters how many were given up
     * @param capacity how many may wait in it
     */
    public record Queue(String label, int waiting, int leased, int deadLetters, int capacity) {
        /**
         * Whether nothing more can be put.
         *
         * @return true if so
         */
        public boolean isFull() {
            return waiting >= capacity;
        }
    }

    static Examination of(String name, Path file) throws IOException {
        return new Reading(SpaceCheckup.of(file, Kind::of)).as(name);
    }

    /**
     * Looks into the memory that families of running processes share: what {@code SharedLock.create()} and its like have
     * made there, and who waits for whom. What cannot be read from here is left out: the families of other users and of other
     * containers, and those of another version of Procession.
     *
     * @return what was seen of each, the one with the lowest process number first; may be out of date on return
     */
    public static List<Examination> ofFamilies() {
        List<Examination> all = new ArrayList<>();
        for (List<Path> descriptors : OpenFiles.labelled(SPACE_LABEL).values()) {
            for (Path descriptor : descriptors) {
                Optional<Examination> seen = ofFamily(descriptor);
                if (seen.isPresent()) {
                    all.add(seen.get());
                    break; // the others lead to the same
                }
            }
        }
        all.sort(Comparator.comparingLong(
                seen -> seen.members().stream().mapToLong(Member::pid).min().orElse(Long.MAX_VALUE)));
        return List.copyOf(all);
    }

    private static Optional<Examination> ofFamily(Path descriptor) {
        try {
            Findings found = SpaceCheckup.ofAnonymous(descriptor, Kind::of);
            return Optional.of(new Reading(found).as("anonymous-" + found.shortId()));
        } catch (IOException | IllegalStateException unreadable) {
            return Optional.empty();
        }
    }

    /** Translates what was found. */
    private static final class Reading {
        private final Findings found;

        Reading(Findings found) {
            this.found = found;
        }

        Examination as(String name) {
            List<Lock> locks = new ArrayList<>();
            List<Queue> queues = new ArrayList<>();
            List<Waiter> otherWaits = new ArrayList<>();
            for (Primitive primitive : found.primitives()) {
                Kind kind = Kind.of(primitive.kind());
                switch (kind) {
                    case LOCK, REENTRANT_LOCK, LONG, INT, REGION -> locks.add(lock(primitive, kind));
                    case QUEUE -> queues.add(queue(primitive));
                    case CONDITION, SEMAPHORE, EVENT, LATCH, BARRIER, MAP ->
                        otherWaits.addAll(waitersFor(primitive.index()));
                }
            }
            otherWaits.addAll(waitersFor(SpaceCheckup.NO_ENTRY));
            return new Examination(
                    name,
                    found.policy().toString(),
                    found.members().stream()
                            .map(member -> new Member(member.pid(), member.name(), member.alive()))
                            .toList(),
                    locks,
                    queues,
                    otherWaits,
                    found.deadlocks());
        }

        private Lock lock(Primitive primitive, Kind kind) {
            Cells payload = primitive.payload();
            int stamp = RobustLock.ownerIn(payload, RobustOwnership.WORD_AT);
            Optional<Owner> owner = stamp == 0 ? Optional.empty() : Optional.of(owner(stamp, kind.holders(payload)));
            boolean inDoubt = RobustLock.isInDoubt(payload, RobustOwnership.WORD_AT)
                    || owner.map(holder -> !holder.alive()).orElse(false);
            return new Lock(primitive.label(), kind.label(), owner, inDoubt, waitersFor(primitive.index()));
        }

        private Owner owner(int stamp, List<Holder> holders) {
            long thread = holders.isEmpty() ? 0 : holders.getFirst().thread();
            return found.members().stream()
                    .filter(member -> member.stamp() == stamp)
                    .findAny()
                    .map(member -> new Owner(member.pid(), member.name(), thread, member.alive()))
                    .orElse(new Owner(0, "", thread, /* alive= */ false));
        }

        private Queue queue(Primitive primitive) {
            Cells heap = primitive.heap();
            if (heap == null) {
                throw new IllegalStateException("a queue without memory: " + primitive.label());
            }
            QueueGlance glance = QueueGlance.of(primitive.payload(), heap);
            return new Queue(primitive.label(), glance.waiting(), glance.leased(), glance.letters(), glance.capacity());
        }

        private List<Waiter> waitersFor(int index) {
            return found.waits().stream()
                    .filter(wait -> wait.target() == index)
                    .map(wait -> new Waiter(
                            wait.pid(),
                            wait.process(),
                            wait.thread(),
                            wait.frame(),
                            Duration.ofNanos(wait.nanos()),
                            wait.endless()))
                    .toList();
        }
    }
}
