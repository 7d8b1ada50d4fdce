package dev.procession.sched;

/**
 * Whose rules break the ties. The books agree on the policies and differ in what happens when two things happen at once;
 * a preset fixes all of it.
 *
 * <table>
 * <caption>What a preset decides</caption>
 * <tr><th></th><th>{@link #OSTEP}</th><th>{@link #STALLINGS}</th><th>{@link #SILBERSCHATZ}</th></tr>
 * <tr><td>a slice ends when another job becomes ready</td><td>the one whose slice ended queues first</td>
 *     <td>the other queues first</td><td>the other queues first</td></tr>
 * <tr><td>a job gets slice after slice</td><td>each is a segment</td><td>one segment</td><td>one segment</td></tr>
 * <tr><td>{@link FeedbackQueues}: an arrival above the running job</td><td>takes the CPU</td>
 *     <td>waits for the end of the slice</td><td>takes the CPU</td></tr>
 * <tr><td>{@link FeedbackQueues}: a used-up job goes down</td><td>always</td>
 *     <td>if another job is ready at that instant</td><td>always</td></tr>
 * <tr><td>{@link FeedbackQueues}: numbers of levels</td><td>highest number on top</td><td>0 on top</td>
 *     <td>0 on top</td></tr>
 * </table>
 *
 * <p>In all of them equal jobs go by the time at which they became ready and then by list order, and a running job keeps
 * the CPU unless another is strictly better.
 *
 * <p>Source: Arpaci-Dusseau, <i>Operating Systems: Three Easy Pieces</i>, and its homework simulators; Stallings,
 * <i>Operating Systems: Internals and Design Principles</i>, uniprocessor scheduling; Silberschatz, Galvin, Gagne,
 * <i>Operating System Concepts</i>, CPU scheduling.
 */
public enum Preset {
    /** <i>Three Easy Pieces</i> and its simulators. */
    OSTEP,
    /** Stallings. */
    STALLINGS,
    /** Silberschatz, Galvin and Gagne. */
    SILBERSCHATZ;

    boolean expiredFirst() {
        return this == OSTEP;
    }

    boolean slicesAreSegments() {
        return this == OSTEP;
    }
}
