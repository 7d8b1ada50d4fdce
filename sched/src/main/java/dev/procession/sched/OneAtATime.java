package dev.procession.sched;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A machine that has one job at a time and waits for its I/O: the first three {@linkplain Era eras}. */
final class OneAtATime {
    private final Era era;
    private final List<Job> jobs;
    private final Integer[] inOrder;
    private final @Nullable Trace trace;
    private final List<Event> events = new ArrayList<>();

    private final long[] starts;
    private final long[] finishes;
    private long busyTicks;
    /** When the main machine is free again. */
    private long freeAt;

    private OneAtATime(Era era, List<Job> jobs, @Nullable Trace trace) {
        this.era = era;
        this.jobs = jobs;
        this.trace = trace;
        starts = new long[jobs.size()];
        finishes = new long[jobs.size()];
        inOrder = new Integer[jobs.size()];
        Arrays.setAll(inOrder, i -> i);
        Arrays.sort(inOrder, Comparator.comparingLong(i -> jobs.get(i).arrival()));
    }

    static Schedule run(Era era, List<Job> jobs) {
        var machine = new OneAtATime(era, jobs, null);
        machine.run();
        var figures = new Figures(machine.starts, machine.finishes, machine.busyTicks, jobs.size() - 1L, 0);
        return new Schedule(era.title(), jobs, figures, trace -> new OneAtATime(era, jobs, trace).run());
    }

    private void run() {
        for (Job job : jobs) {
            tell(job.arrival(), Event.Kind.ARRIVED, job);
        }
        switch (era) {
            case MANUAL -> runByHand();
            case ONLINE_BATCH -> runInBatches();
            case OFFLINE_BATCH -> runWithSatellites();
            case MULTIPROGRAMMING, TIME_SHARING -> throw new IllegalArgumentException("not one at a time: era=" + era);
        }
        if (trace != null) {
            events.sort(Comparator.comparingLong(Event::time));
            events.forEach(trace::event);
        }
    }

    private void runByHand() {
        for (int index : inOrder) {
            Job job = jobs.get(index);
            freeAt = later(Math.max(freeAt, job.arrival()), job.setup());
            finishes[index] = finish(job, runBursts(index, 0, job.work().burstCount()));
        }
    }

    private void runInBatches() {
        int begin = 0;
        while (begin < inOrder.length) {
            freeAt = Math.max(freeAt, jobs.get(inOrder[begin]).arrival());
            int end = begin;
            long setup = 0;
            for (; end < inOrder.length && jobs.get(inOrder[end]).arrival() <= freeAt; end++) {
                setup = Math.max(setup, jobs.get(inOrder[end]).setup());
            }
            freeAt = later(freeAt, setup);
            for (; begin < end; begin++) {
                Job job = jobs.get(inOrder[begin]);
                finishes[inOrder[begin]] =
                        finish(job, runBursts(inOrder[begin], 0, job.work().burstCount()));
            }
        }
    }

    private void runWithSatellites() {
        long readerFreeAt = 0;
        long writerFreeAt = 0;
        for (int index : inOrder) {
            Job job = jobs.get(index);
            long firstCpu = job.work().burst(0) instanceof Burst.Cpu ? 0 : 1;
            long count = job.work().burstCount();
            long lastCpu = job.work().burst(count - 1) instanceof Burst.Cpu ? count - 1 : count - 2;
            readerFreeAt = later(Math.max(readerFreeAt, job.arrival()), job.setup());
            readerFreeAt = doIo(job, 0, firstCpu, readerFreeAt);
            freeAt = Math.max(freeAt, readerFreeAt);
            writerFreeAt = Math.max(writerFreeAt, runBursts(index, firstCpu, lastCpu + 1));
            writerFreeAt = doIo(job, lastCpu + 1, count, writerFreeAt);
            finishes[index] = finish(job, job.work().burstCount() == lastCpu + 1 ? freeAt : writerFreeAt);
        }
    }

    /** Runs bursts on the main machine and returns when it is free again. */
    private long runBursts(int index, long from, long to) {
        Job job = jobs.get(index);
        starts[index] = -1;
        for (long i = from; i < to; i++) {
            switch (job.work().burst(i)) {
                case Burst.Cpu(long ticks) -> compute(index, ticks);
                case Burst.Io _ -> freeAt = doIo(job, i, i + 1, freeAt);
            }
        }
        return freeAt;
    }

    private void compute(int index, long ticks) {
        long end = later(freeAt, ticks);
        starts[index] = starts[index] < 0 ? freeAt : starts[index];
        busyTicks += ticks;
        if (trace != null) {
            trace.segment(new Segment(jobs.get(index), freeAt, end, null));
        }
        freeAt = end;
    }

    private long doIo(Job job, long from, long to, long time) {
        for (long i = from; i < to; i++) {
            tell(time, Event.Kind.IO_STARTED, job);
            time = later(time, job.work().burst(i).ticks());
            tell(time, Event.Kind.IO_DONE, job);
        }
        return time;
    }

    private long finish(Job job, long time) {
        tell(time, Event.Kind.FINISHED, job);
        return time;
    }

    private void tell(long time, Event.Kind kind, Job job) {
        if (trace != null) {
            events.add(new Event(time, kind, job));
        }
    }

    private static long later(long time, long ticks) {
        return Outside.later(time, ticks);
    }
}
