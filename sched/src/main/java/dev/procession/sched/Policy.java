package dev.procession.sched;

import java.util.List;

/**
 * A rule that says which ready job gets the CPU next.
 *
 * <p>A policy of your own is one class in one file: a {@link ReadyQueue} that can {@code add} and {@code poll}. This one
 * runs the longest job first:
 *
 * {@snippet :
 * record LongestJobFirst() implements Policy {
 *     @Override
 *     public String name() {
 *         return "ljf";
 *     }
 *
 *     @Override
 *     public ReadyQueue open(List<Job> jobs) {
 *         var longest = Comparator.comparingLong(ControlBlock::burstLeft).reversed();
 *         var ready = new PriorityQueue<>(longest.thenComparingInt(ControlBlock::index));
 *         return new ReadyQueue() {
 *             @Override
 *             public void add(ControlBlock block, Entry entry, long now) {
 *                 ready.add(block);
 *             }
 *
 *             @Override
 *             public ControlBlock poll(long now) {
 *                 return ready.poll();
 *             }
 *         };
 *     }
 * }
 * }
 *
 * <p>A policy is immutable; what changes during a run lives in the queue that {@link #open} makes. It must also be
 * deterministic: opened twice for the same jobs and told the same things, it must decide the same, because a {@link
 * Schedule} plays its run again when it is asked for segments. Chance comes from a seed, as in {@link Lottery}.
 */
public interface Policy {
    /**
     * What the policy is called in tables and on the command line.
     *
     * @return a short name
     */
    String name();

    /**
     * Begins a run.
     *
     * @param jobs all jobs of the run, in the order that breaks the last tie; a block's {@link ControlBlock#index}
     *     counts in it
     * @return an empty queue for this run alone
     * @throws IllegalArgumentException if the policy cannot run these jobs; the message says why
     */
    ReadyQueue open(List<Job> jobs);
}
