package dev.procession.sched;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * What a policy made of a list of jobs.
 *
 * <p>The figures are there at once. The segments are not kept, as there may be a thousand times as many as jobs: they
 * are played again, exactly the same, each time somebody asks for them. So a schedule of a million jobs is a few arrays.
 *
 * <p>Immutable and safe for use by many threads, if the {@link Policy} is as its contract says.
 */
public final class Schedule {
    /** Plays the run again. */
    interface Script {
        void play(Trace trace);
    }

    private final String policy;
    private final List<Job> jobs;
    private final Figures figures;
    private final Script script;

    Schedule(String policy, List<Job> jobs, Figures figures, Script script) {
        this.policy = policy;
        this.jobs = jobs;
        this.figures = figures;
        this.script = script;
    }

    /**
     * The policy's name.
     *
     * @return what {@link Policy#name} said
     */
    public String policy() {
        return policy;
    }

    /**
     * What became of each job.
     *
     * @return one outcome for each job, in the order in which the jobs were given
     */
    public List<Outcome> outcomes() {
        return new Outcomes();
    }

    /**
     * What became of one job.
     *
     * @param name its name
     * @return its outcome; the search goes through all jobs
     * @throws IllegalArgumentException if no job has that name
     */
    public Outcome outcome(String name) {
        return outcomes().stream()
                .filter(outcome -> outcome.job().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no job has this name: name=" + name));
    }

    /**
     * The means over all jobs.
     *
     * @return the means
     */
    public Averages averages() {
        return Averages.of(outcomes(), jobs.size());
    }

    /**
     * When the last job was done.
     *
     * @return the instant; the run began at 0
     */
    public long makespan() {
        long last = 0;
        for (long finish : figures.finishes()) {
            last = Math.max(last, finish);
        }
        return last;
    }

    /**
     * Time in which some job had the CPU.
     *
     * @return the sum of all segments in ticks
     */
    public long busyTicks() {
        return figures.busyTicks();
    }

    /**
     * How often the CPU passed from one job to another.
     *
     * @return the number of context switches; the first job of all is none
     */
    public long switches() {
        return figures.switches();
    }

    /**
     * Time the CPU spent on context switches.
     *
     * @return {@link #switches} times the cost of one, in ticks
     */
    public long switchTicks() {
        return figures.switchTicks();
    }

    /**
     * The part of the whole run in which the CPU worked for a job.
     *
     * @return {@link #busyTicks} over {@link #makespan}, from 0 to 1
     */
    public double cpuUtilisation() {
        return (double) busyTicks() / makespan();
    }

    /**
     * Plays the run again.
     *
     * @param trace what is told of it
     */
    public void replay(Trace trace) {
        script.play(trace);
    }

    /**
     * All segments in a list. For a schedule of very many, {@link #replay} hands them out one at a time.
     *
     * @return the segments in the order of time
     */
    public List<Segment> segments() {
        var segments = new ArrayList<Segment>();
        replay(new Trace() {
            @Override
            public void segment(Segment segment) {
                segments.add(segment);
            }
        });
        return List.copyOf(segments);
    }

    /**
     * All events in a list. For a schedule of very many, {@link #replay} hands them out one at a time.
     *
     * @return the events in the order of time
     */
    public List<Event> events() {
        var events = new ArrayList<Event>();
        replay(new Trace() {
            @Override
            public void event(Event event) {
                events.add(event);
            }
        });
        return List.copyOf(events);
    }

    @Override
    public String toString() {
        return policy + ": jobs=" + jobs.size() + ", makespan=" + makespan() + ", " + averages();
    }

    /** Makes each record when it is asked for: a million of them need not exist at once. */
    private final class Outcomes extends AbstractList<Outcome> implements RandomAccess {
        @Override
        public Outcome get(int index) {
            Objects.checkIndex(index, jobs.size());
            return new Outcome(jobs.get(index), figures.starts()[index], figures.finishes()[index]);
        }

        @Override
        public int size() {
            return jobs.size();
        }
    }
}
