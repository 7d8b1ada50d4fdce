package dev.procession.sched;

import java.util.Arrays;
import java.util.List;

/**
 * What the simulator knows of one job while it runs: the process control block of the books. Policies read it.
 *
 * <p>A policy that must remember something about a job keeps an array of its own by {@link #index}.
 */
public final class ControlBlock {
    /** The states of a job, as in every book; NEW is before the arrival. */
    enum State {
        NEW,
        READY,
        RUNNING,
        BLOCKED,
        DONE
    }

    private final int index;
    private final Job job;

    private long position = -1;
    private long burstTicks;
    private long burstLeft;
    private long readySince;

    State state = State.NEW;
    Entry entry = Entry.ARRIVED;
    long start = -1;
    long finish = -1;
    long returnAt;
    long ioSequence;

    ControlBlock(int index, Job job) {
        this.index = index;
        this.job = job;
    }

    static ControlBlock[] of(List<Job> jobs) {
        var blocks = new ControlBlock[jobs.size()];
        Arrays.setAll(blocks, index -> new ControlBlock(index, jobs.get(index)));
        return blocks;
    }

    /**
     * The job's place in the list of jobs, which breaks the last tie.
     *
     * @return its index, from 0
     */
    public int index() {
        return index;
    }

    /**
     * The job itself.
     *
     * @return the job
     */
    public Job job() {
        return job;
    }

    /**
     * The length of the CPU burst that the job is in or waits to begin.
     *
     * @return its length in ticks, from its beginning to its end
     */
    public long burstTicks() {
        return burstTicks;
    }

    /**
     * What is left of that CPU burst.
     *
     * @return the rest in ticks
     */
    public long burstLeft() {
        return burstLeft;
    }

    /**
     * Since when the job has been ready for that CPU burst. Losing the CPU in the middle of it changes nothing.
     *
     * @return the instant of its arrival or of its return from I/O
     */
    public long readySince() {
        return readySince;
    }

    void enter(Entry why, long now) {
        if (why == Entry.ARRIVED || why == Entry.RETURNED) {
            readySince = now;
        }
        entry = why;
        state = State.READY;
    }

    void run(long from, long ticks) {
        if (start < 0) {
            start = from;
        }
        burstLeft -= ticks;
    }

    /** Goes on to the next burst; false if there is none. */
    boolean advance() {
        position++;
        if (position == job.work().burstCount()) {
            return false;
        }
        burstTicks = job.work().burst(position).ticks();
        burstLeft = burstTicks;
        return true;
    }

    boolean computes() {
        return job.work().burst(position) instanceof Burst.Cpu;
    }

    @Override
    public String toString() {
        return job.name() + " " + state + " burstLeft=" + burstLeft;
    }
}
