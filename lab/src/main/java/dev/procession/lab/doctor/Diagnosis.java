package dev.procession.lab.doctor;

import dev.procession.lab.doctor.Finding.Kind;
import dev.procession.process.RunningPool;
import dev.procession.shm.Examination;
import dev.procession.shm.Examination.Lock;
import dev.procession.shm.Examination.Member;
import dev.procession.shm.Examination.Owner;
import dev.procession.shm.Examination.Queue;
import dev.procession.shm.Examination.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Judges what was seen of one space, or of one pool. */
public final class Diagnosis {
    private final Examination seen;
    private final Duration patience;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(Examination seen, Duration patience) {
        this.seen = seen;
        this.patience = patience;
    }

    /**
     * Judges.
     *
     * @param seen what was seen
     * @param patience how long anybody may wait for a lock
     * @return what is wrong, the worst first; empty if nothing is
     */
    public static List<Finding> of(Examination seen, Duration patience) {
        Diagnosis diagnosis = new Diagnosis(seen, patience);
        seen.deadlocks().forEach(circle -> diagnosis.add(Kind.DEADLOCK, circle));
        seen.locks().forEach(diagnosis::judge);
        seen.queues().forEach(diagnosis::judge);
        if (hasDeadBesideLiving(seen)) {
            seen.members().stream().filter(member -> !member.alive()).forEach(diagnosis::judge);
        }
        return List.copyOf(diagnosis.findings);
    }

    /**
     * Judges a pool.
     *
     * @param pool what was seen of it
     * @return what is wrong; empty if nothing is
     */
    public static List<Finding> of(RunningPool pool) {
        return pool.isFull()
                ? List.of(new Finding(
                        Kind.FULL_QUEUE,
                        describe(pool),
                        pool.waiting() + " of at most " + pool.capacity().orElseThrow() + " tasks wait for "
                                + pool.workers().stream()
                                        .filter(worker -> !worker.spare())
                                        .count()
                                + " workers"))
                : List.of();
    }

    /** Such as {@code pool frames of pid 71}. */
    static String describe(RunningPool pool) {
        return "pool " + pool.name() + " of pid " + pool.pid();
    }

    /**
     * Whether a process has died and those that live have not cleared it away: they do so within milliseconds, so a second
     * look tells whether something keeps them from it. Where nobody lives, whoever comes next does it.
     *
     * @param seen what was seen
     * @return true if so
     */
    public static boolean hasDeadBesideLiving(Examination seen) {
        return seen.members().stream().anyMatch(Member::alive)
                && !seen.members().stream().allMatch(Member::alive);
    }

    private void add(Kind kind, String message) {
        findings.add(new Finding(kind, seen.name(), message));
    }

    private void judge(Lock lock) {
        lock.waiters().stream()
                .filter(waiter -> waiter.waited().compareTo(patience) >= 0)
                .max(Comparator.comparing(Waiter::waited))
                .ifPresent(waiter -> add(
                        Kind.HELD_TOO_LONG,
                        lock.label() + " is held by "
                                + lock.owner().map(Diagnosis::describe).orElse("nobody") + " while "
                                + describe(waiter) + " has waited for "
                                + waiter.waited().toSeconds() + " s"));
        if (lock.inDoubt()) {
            add(
                    Kind.IN_DOUBT,
                    lock.label() + ": a process died holding it, so what it guards may be half-changed until somebody"
                            + " calls markConsistent() or recover()");
        }
    }

    /** Such as {@code buyer-1 (pid 69, thread #1)}. */
    static String describe(Owner owner) {
        return owner.process() + " (pid " + owner.pid() + (owner.thread() == 0 ? "" : ", thread #" + owner.thread())
                + (owner.alive() ? ")" : ", dead)");
    }

    /** Such as {@code buyer-3 (pid 71, thread main) at Meal.java:41}. */
    static String describe(Waiter waiter) {
        return waiter.process() + " (pid " + waiter.pid() + ", thread " + waiter.thread() + ")"
                + (waiter.frame().isEmpty() ? "" : " at " + waiter.frame());
    }

    private void judge(Queue queue) {
        if (queue.isFull()) {
            add(
                    Kind.FULL_QUEUE,
                    queue.label() + ": " + queue.waiting() + " of at most " + queue.capacity() + " items wait, "
                            + queue.leased() + " are leased");
        }
    }

    private void judge(Member member) {
        add(
                Kind.DEAD_MEMBER,
                member.name() + " (pid " + member.pid()
                        + ") has died, and those that live have not cleared away what it held; are they stopped?");
    }
}
