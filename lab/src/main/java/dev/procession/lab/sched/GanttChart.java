package dev.procession.lab.sched;

import dev.procession.lab.picture.DisplayWidth;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Picture;
import dev.procession.sched.Event;
import dev.procession.sched.Job;
import dev.procession.sched.Outcome;
import dev.procession.sched.Rank;
import dev.procession.sched.Schedule;
import dev.procession.sched.Segment;
import dev.procession.sched.Trace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.StringJoiner;

/**
 * Who had the CPU when, one lane for each job.
 *
 * <pre>{@code
 *     0    5    10   15   20
 *  A  ###
 *  B   -######
 *  C     -----####
 *     # runs  - waits
 * }</pre>
 *
 * <p>A short run is drawn to scale, every tick as wide as every other. In a long one a cell stands for many ticks, and
 * says whether the job ran for most of them or only for some. Where the policy has levels, a running job shows its own.
 */
public final class GanttChart implements Picture {
    private static final int MOST_LANES = 24;
    private static final int WIDEST_LABEL = 16;
    private static final int WIDEST_TICK = 4;
    /** A run with more segments and events is not played for a picture. */
    private static final long MOST_STEPS = 5_000_000;

    /** A part of a cell that is nothing: where cells and ticks meet, arithmetic is not exact. */
    private static final double ROUNDING = 1e-6;

    private static final Ink[] LEVEL_INKS = {Ink.GREEN, Ink.CYAN, Ink.BLUE, Ink.MAGENTA, Ink.YELLOW, Ink.RED};

    private final Schedule schedule;
    private final List<Job> jobs;
    private final TickScale scale;

    GanttChart(Schedule schedule, List<Job> jobs, TickScale scale) {
        this.schedule = schedule;
        this.jobs = jobs;
        this.scale = scale;
    }

    /** The chart of a schedule whose times are whole ticks, with a lane for each of its jobs. */
    public static GanttChart ofTicks(Schedule schedule) {
        List<Job> jobs = schedule.outcomes().stream().map(Outcome::job).toList();
        return new GanttChart(schedule, jobs, TickScale.ofWholeTimes());
    }

    @Override
    public List<String> draw(Paper paper) {
        List<Job> shown = jobs.subList(0, Math.min(jobs.size(), MOST_LANES));
        int labelCells = shown.stream()
                .mapToInt(job -> Math.min(WIDEST_LABEL, DisplayWidth.of(paper.legible(job.name()))))
                .max()
                .orElse(0);
        var canvas = new Canvas(shown, schedule.makespan(), columns(paper.columns() - 1 - labelCells - 2));
        try {
            schedule.replay(canvas);
        } catch (TooLongException e) {
            return List.of(" (no picture: more than " + MOST_STEPS + " slices; --json has them all)");
        }
        String margin = " ".repeat(1 + labelCells + 2);
        var lines = new ArrayList<String>();
        lines.add((margin + paper.ink(Ink.DIM, canvas.axis(scale))).stripTrailing());
        for (int lane = 0; lane < shown.size(); lane++) {
            String label = DisplayWidth.cut(paper.legible(shown.get(lane).name()), labelCells);
            lines.add((" " + DisplayWidth.padRight(label, labelCells) + "  " + canvas.strip(lane, paper))
                    .stripTrailing());
        }
        if (jobs.size() > shown.size()) {
            lines.add(" and " + (jobs.size() - shown.size()) + " more jobs");
        }
        lines.add(margin + canvas.legend(paper));
        return lines;
    }

    /** As many columns as ticks, or the same number of columns for each tick, or all there are. */
    private int columns(int room) {
        long makespan = schedule.makespan();
        return makespan > room ? room : (int) (makespan * Math.min(WIDEST_TICK, room / makespan));
    }

    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("more than " + MOST_STEPS + " steps", null, false, false);
        }
    }

    /** The cells of all lanes; for each, how much of it each state took. */
    private static final class Canvas implements Trace {
        private final long makespan;
        private final int columns;
        private final double cellTicks;
        private final IdentityHashMap<Job, Integer> laneOf = new IdentityHashMap<>();
        private final double[][] ran;
        private final double[][] inIo;
        private final double[][] present;
        private final int[][] level;
        private final long[] stateSince;
        private long steps;
        private boolean levels;
        private boolean partial;
        private boolean io;
        private boolean waiting;

        Canvas(List<Job> jobs, long makespan, int columns) {
            this.makespan = makespan;
            this.columns = columns;
            cellTicks = (double) makespan / columns;
            ran = new double[jobs.size()][columns];
            inIo = new double[jobs.size()][columns];
            present = new double[jobs.size()][columns];
            level = new int[jobs.size()][columns];
            stateSince = new long[jobs.size()];
            for (Job job : jobs) {
                laneOf.put(job, laneOf.size());
            }
        }

        @Override
        public void segment(Segment segment) {
            countStep();
            Integer lane = laneOf.get(segment.job());
            if (lane == null) {
                return;
            }
            paint(ran[lane], segment.start(), segment.end());
            Rank rank = segment.rank();
            if (rank != null) {
                levels = true;
                for (int cell = firstCell(segment.start()); cell <= lastCell(segment.end()); cell++) {
                    level[lane][cell] = rank.level();
                }
            }
        }

        @Override
        public void event(Event event) {
            countStep();
            Integer lane = event.job() == null ? null : laneOf.get(event.job());
            if (lane == null) {
                return;
            }
            switch (event.kind()) {
                case ARRIVED, BOOSTED -> stateSince[lane] = event.time();
                case IO_STARTED, FINISHED -> {
                    paint(present[lane], stateSince[lane], event.time());
                    stateSince[lane] = event.time();
                }
                case IO_DONE -> {
                    paint(inIo[lane], stateSince[lane], event.time());
                    stateSince[lane] = event.time();
                }
            }
        }

        private void countStep() {
            if (++steps > MOST_STEPS) {
                throw new TooLongException();
            }
        }

        private void paint(double[] cells, long from, long until) {
            for (int cell = firstCell(from); cell <= lastCell(until); cell++) {
                double begin = Math.max((double) from, cell * cellTicks);
                double end = Math.min((double) until, (cell + 1) * cellTicks);
                cells[cell] += Math.max(0, end - begin);
            }
        }

        private int firstCell(long from) {
            return (int) Math.min(columns - 1, Math.floor(from / cellTicks + ROUNDING));
        }

        private int lastCell(long until) {
            return (int) Math.min(columns - 1, Math.ceil(until / cellTicks - ROUNDING) - 1);
        }

        String axis(TickScale scale) {
            long step = 1;
            for (int turn = 0;
                    columns * (double) step / makespan < scale.text(makespan).length() + 2;
                    turn++) {
                step = turn % 3 == 1 ? step / 2 * 5 : step * 2;
            }
            var axis = new StringBuilder();
            for (long tick = 0; tick <= makespan; tick += step) {
                axis.append(" ".repeat(Math.max(0, (int) Math.round(tick / cellTicks) - axis.length())));
                axis.append(scale.text(tick));
            }
            return axis.toString();
        }

        String strip(int lane, Paper paper) {
            var strip = new StringBuilder();
            for (int cell = 0; cell < columns; cell++) {
                strip.append(sign(lane, cell, paper));
            }
            return strip.toString();
        }

        private String sign(int lane, int cell, Paper paper) {
            double some = cellTicks * ROUNDING;
            if (ran[lane][cell] > some) {
                return runs(lane, cell, paper);
            }
            if (inIo[lane][cell] > Math.max(some, present[lane][cell])) {
                io = true;
                return paper.ink(Ink.YELLOW, paper.pick("·", "."));
            }
            if (present[lane][cell] > some) {
                waiting = true;
                return paper.ink(Ink.DIM, paper.pick("░", "-"));
            }
            return " ";
        }

        private String runs(int lane, int cell, Paper paper) {
            if (levels) {
                int of = level[lane][cell];
                return paper.ink(LEVEL_INKS[of % LEVEL_INKS.length], of < 10 ? String.valueOf(of) : "+");
            }
            boolean most = ran[lane][cell] >= cellTicks * (0.5 - ROUNDING);
            partial |= !most;
            return paper.ink(Ink.GREEN, most ? paper.pick("█", "#") : paper.pick("▒", "+"));
        }

        String legend(Paper paper) {
            var legend = new StringJoiner("  ");
            if (levels) {
                legend.add("2 1 0 runs on that level");
            } else {
                legend.add(paper.ink(Ink.GREEN, paper.pick("█", "#")) + " runs");
            }
            if (partial) {
                legend.add(paper.ink(Ink.GREEN, paper.pick("▒", "+")) + " runs now and then");
            }
            if (waiting) {
                legend.add(paper.ink(Ink.DIM, paper.pick("░", "-")) + " waits");
            }
            if (io) {
                legend.add(paper.ink(Ink.YELLOW, paper.pick("·", ".")) + " I/O");
            }
            return legend.toString();
        }
    }
}
