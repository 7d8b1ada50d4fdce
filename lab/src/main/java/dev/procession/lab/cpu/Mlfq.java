package dev.procession.lab.cpu;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.sched.GanttChart;
import dev.procession.sched.FeedbackQueues;
import dev.procession.sched.FeedbackQueues.AfterIo;
import dev.procession.sched.Job;
import dev.procession.sched.Levels;
import dev.procession.sched.Preset;
import dev.procession.sched.Schedule;
import dev.procession.sched.Segment;
import dev.procession.sched.Simulator;
import dev.procession.sched.Work;
import java.util.Arrays;
import java.util.List;

/**
 * The multi-level feedback queue, and two things that can go wrong with it: a long job that never runs again, which a
 * boost cures; and one that plays the scheduler, which honest accounting cures.
 *
 * <p>Source of the jobs: Arpaci-Dusseau, <i>Three Easy Pieces</i>, figures 8.5 and 8.6.
 */
public final class Mlfq implements Experiment {
    private static final Knob<Integer> BOOST =
            Knob.count("boost", 50, 1, 10_000, "after how many ticks all jobs are lifted to the highest level");
    private static final Knob<Integer> ALLOTMENT =
            Knob.count("allotment", 1, 1, 100, "how many quanta a job has on each level before it sinks");
    private static final Knob<Stay> STAY = Knob.choice(
            "stay", Stay.AFTER_IO, "whether the short jobs of the first half get a fresh quantum after each I/O");
    private static final int LEVELS = 3;
    private static final int QUANTUM = 10;
    private static final int IO_TICKS = 1;

    private enum Stay {
        AFTER_IO(AfterIo.FRESH_QUANTUM),
        NEVER(AfterIo.SAME_QUANTUM);

        final AfterIo afterIo;

        Stay(AfterIo afterIo) {
            this.afterIo = afterIo;
        }
    }

    @Override
    public String id() {
        return "mlfq";
    }

    @Override
    public String title() {
        return "feedback queues: starving and gaming, cured";
    }

    @Override
    public String section() {
        return "3.3";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(BOOST, ALLOTMENT, STAY);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        FeedbackQueues queues = queues(knobs.get(ALLOTMENT));
        List<Job> crowd = List.of(
                Job.of("long", 0, 120),
                Job.of("short-1", 100, new Work.Periodic(50, 1, IO_TICKS)),
                Job.of("short-2", 100, new Work.Periodic(50, 1, IO_TICKS)));
        FeedbackQueues staying = queues.withAfterIo(knobs.get(STAY).afterIo);
        Schedule starved = Simulator.of(staying).run(crowd);
        Schedule boosted = Simulator.of(staying.withBoost(knobs.get(BOOST))).run(crowd);
        // It gives the processor back one tick before its quantum is over, again and again.
        List<Job> gamers =
                List.of(Job.of("honest", 0, 200), Job.of("gamer", 80, new Work.Periodic(100, QUANTUM - 1, IO_TICKS)));
        Schedule gamed = Simulator.of(queues.withAfterIo(AfterIo.FRESH_QUANTUM)).run(gamers);
        Schedule accounted =
                Simulator.of(queues.withAfterIo(AfterIo.SAME_QUANTUM)).run(gamers);
        return outcome(knobs.get(BOOST), starved, boosted, gamed, accounted);
    }

    private static FeedbackQueues queues(int allotment) {
        long[] allotments = new long[LEVELS];
        Arrays.fill(allotments, allotment);
        return FeedbackQueues.of(Preset.OSTEP, Levels.same(LEVELS, QUANTUM).withAllotments(allotments));
    }

    /** The longest time between two turns of a job. */
    private static long longestWait(Schedule schedule, String job) {
        long longest = 0;
        long since = -1;
        for (Segment segment : schedule.segments()) {
            if (segment.job().name().equals(job)) {
                longest = since < 0 ? 0 : Math.max(longest, segment.start() - since);
                since = segment.end();
            }
        }
        return longest;
    }

    private static long turnaround(Schedule schedule, String job) {
        return schedule.outcome(job).turnaround();
    }

    private static Outcome outcome(int boost, Schedule starved, Schedule boosted, Schedule gamed, Schedule accounted) {
        long without = longestWait(starved, "long");
        long with = longestWait(boosted, "long");
        boolean boostHelps = with < without;
        boolean gamingPays = turnaround(gamed, "gamer") < turnaround(accounted, "gamer")
                && turnaround(gamed, "honest") >= turnaround(accounted, "honest");
        Figures figures = Figures.none()
                .with("longestWait", without, "ticks the long job gets no turn, without a boost")
                .with("longestWaitBoosted", with, "ticks with a boost every " + boost)
                .with(
                        "gamerTurnaround",
                        turnaround(gamed, "gamer"),
                        "ticks until the gamer has done, where I/O gives a fresh quantum")
                .with("gamerTurnaroundAccounted", turnaround(accounted, "gamer"), "where it does not")
                .with(
                        "honestTurnaround",
                        turnaround(gamed, "honest"),
                        "ticks until the honest job has done, where I/O does")
                .with("honestTurnaroundAccounted", turnaround(accounted, "honest"), "where it does not")
                .with("meanTurnaround", gamed.averages().turnaround(), "mean turnaround of the two, where I/O does")
                .with("meanTurnaroundAccounted", accounted.averages().turnaround(), "where it does not");
        return Outcome.of(Verdict.of(boostHelps && gamingPays), reason(boostHelps, gamingPays, without, with), figures)
                .with("Two short jobs come, and the long one gets no turn", GanttChart.ofTicks(starved))
                .with("The same with a boost every " + boost + " ticks", GanttChart.ofTicks(boosted))
                .with("A gamer gives the processor back just in time, and stays on top", GanttChart.ofTicks(gamed))
                .with("Where what it has used is counted, it sinks", GanttChart.ofTicks(accounted));
    }

    private static String reason(boolean boostHelps, boolean gamingPays, long without, long with) {
        if (!boostHelps) {
            return "the long job waits " + without + " ticks without a boost and " + with + " with it: no help";
        } else if (!gamingPays) {
            return "the gamer gained nothing";
        }
        return "the long job gets no turn for " + without + " ticks, with the boost never for more than " + with
                + "; and a gamer gains only where I/O wipes out what it has used";
    }
}
