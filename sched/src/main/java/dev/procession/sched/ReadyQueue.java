package dev.procession.sched;

import org.jspecify.annotations.Nullable;

/**
 * The ready jobs of one run, in the order of one {@link Policy}.
 *
 * <p>The simulator owns the clock and calls the queue, one call at a time, in this order:
 *
 * <pre>
 *   add ... add  ->  poll  ->  slice  ->  ran  ->  rank  -+->  add(EXPIRED or INTERRUPTED)
 *                    (null: idle until the next event)    +->  blocked ... add(RETURNED)
 *                                                         +->  (finished: never seen again)
 * </pre>
 *
 * <p>Only {@link #add} and {@link #poll} have to be written; the others say what is special about a policy. A queue is
 * used by one run and one thread.
 */
public interface ReadyQueue {
    /** What {@link #slice} and {@link #nextTimer} answer when there is no limit and no such instant. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Takes in a job that is ready to run.
     *
     * @param block the job
     * @param entry why it comes
     * @param now the instant at which it became ready
     */
    void add(ControlBlock block, Entry entry, long now);

    /**
     * Chooses the job that runs next and takes it out.
     *
     * @param now the instant
     * @return one of the jobs added and not yet polled, or null to leave the CPU idle until the next arrival, the next
     *     end of an I/O or the next {@link #nextTimer timer}
     */
    @Nullable
    ControlBlock poll(long now);

    /**
     * For how long the job just polled may run before it is added again as {@link Entry#EXPIRED}.
     *
     * @param block the job
     * @return a number of ticks, at least 1; {@link #NEVER}, the default, lets it run to the end of its burst
     */
    default long slice(ControlBlock block) {
        return NEVER;
    }

    /**
     * Tells that a job has run. Called before {@link #rank} and before the job is added or blocked.
     *
     * @param block the job
     * @param ticks for how long it ran
     */
    default void ran(ControlBlock block, long ticks) {}

    /**
     * Tells that a job which ran now waits for I/O. Called at the instant it stops, before anything else happens then.
     *
     * @param block the job
     */
    default void blocked(ControlBlock block) {}

    /**
     * Whether the running job can lose the CPU before its slice is over. If so, it is added as {@link
     * Entry#INTERRUPTED} at every arrival, end of I/O and timer, and {@link #poll} chooses anew, perhaps it again.
     *
     * @return false by default: what becomes ready waits for the end of the slice
     */
    default boolean interruptible() {
        return false;
    }

    /**
     * The tie of all ties in time sharing: a slice ends at the very instant at which another job becomes ready.
     *
     * @return whether the job whose slice ended is added first; false by default
     */
    default boolean expiredFirst() {
        return false;
    }

    /**
     * Whether a slice is held to its end even when the job needs less of it.
     *
     * @return false by default: a job that is done gives the CPU back at once
     */
    default boolean wholeSlots() {
        return false;
    }

    /**
     * Whether a job that is chosen again at once begins a new segment in the {@link Schedule}.
     *
     * @param entry why it had been added: {@link Entry#EXPIRED} or {@link Entry#INTERRUPTED}
     * @return false by default: it goes on with the segment it was in
     */
    default boolean beginsSegment(Entry entry) {
        return false;
    }

    /**
     * The next instant at which the queue wants {@link #timer} called.
     *
     * @param now the last instant up to which timers have been called
     * @return an instant after {@code now}; {@link #NEVER} by default
     */
    default long nextTimer(long now) {
        return NEVER;
    }

    /**
     * Called at the instant that {@link #nextTimer} named, before whatever becomes ready then.
     *
     * @param now the instant
     * @return what to tell the trace that happened to all jobs, or null for nothing
     */
    default Event.@Nullable Kind timer(long now) {
        return null;
    }

    /**
     * Where a job stands among levels, for the trace.
     *
     * @param block the job, running or just stopped
     * @return its rank; null, the default, if the policy has no levels
     */
    default @Nullable Rank rank(ControlBlock block) {
        return null;
    }
}
