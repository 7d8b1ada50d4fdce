package dev.procession.sched;

import java.util.Arrays;

/**
 * What one run came to.
 *
 * @param starts when each job first had the CPU, in list order
 * @param finishes when each job was done, in list order
 * @param busyTicks time in which some job had the CPU
 * @param switches how often the CPU passed from one job to another
 * @param switchTicks time spent doing that
 */
@SuppressWarnings("ArrayRecordComponent") // Handed from a run to its schedule, and compared by nobody.
record Figures(long[] starts, long[] finishes, long busyTicks, long switches, long switchTicks) {
    static Figures of(ControlBlock[] blocks, long busyTicks, long switches, long switchTicks) {
        return new Figures(
                Arrays.stream(blocks).mapToLong(block -> block.start).toArray(),
                Arrays.stream(blocks).mapToLong(block -> block.finish).toArray(),
                busyTicks,
                switches,
                switchTicks);
    }
}
