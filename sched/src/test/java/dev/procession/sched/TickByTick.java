package dev.procession.sched;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The slowest scheduler that could work, to hold the fast one against: a clock that goes up by one, a list of ready jobs
 * and a rule that looks at all of them. Written from the books' rules, sharing nothing with the simulator.
 */
final class TickByTick {
    /** One job on its way. */
    static final class Running {
        final int index;
        final Job job;
        int position = -1;
        long left;
        long burst;
        long readySince;
        long aged;
        long sliceLeft;
        int level;
        long backAt = -1;
        boolean done;

        Running(int index, Job job) {
            this.index = index;
            this.job = job;
        }

        boolean advance() {
            position++;
            if (position == job.work().burstCount()) {
                return false;
            }
            burst = job.work().burst(position).ticks();
            left = burst;
            return true;
        }

        boolean computes() {
            return job.work().burst(position) instanceof Burst.Cpu;
        }
    }

    /** A policy, as a sorting of all ready jobs. */
    interface Rule {
        /** Which of two ready jobs goes first, at an instant; the list is in the order of queueing. */
        int compare(Running one, Running other, long now);

        default long quantum(Running job) {
            return Long.MAX_VALUE;
        }

        default boolean preempts() {
            return false;
        }
    }

    private static final Comparator<Running> TIES =
            Comparator.<Running>comparingLong(r -> r.readySince).thenComparingInt(r -> r.index);

    static Rule queue(long quantum) {
        return new Rule() {
            @Override
            public int compare(Running one, Running other, long now) {
                return 0;
            }

            @Override
            public long quantum(Running job) {
                return quantum;
            }
        };
    }

    static Rule shortest(boolean preempts) {
        return new Rule() {
            @Override
            public int compare(Running one, Running other, long now) {
                return Comparator.<Running>comparingLong(r -> r.left)
                        .thenComparing(TIES)
                        .compare(one, other);
            }

            @Override
            public boolean preempts() {
                return preempts;
            }
        };
    }

    static Rule responseRatio() {
        return (one, other, now) -> {
            BigInteger first = BigInteger.valueOf(now - one.readySince).multiply(BigInteger.valueOf(other.burst));
            BigInteger second = BigInteger.valueOf(now - other.readySince).multiply(BigInteger.valueOf(one.burst));
            int highestFirst = second.compareTo(first);
            return highestFirst != 0 ? highestFirst : TIES.compare(one, other);
        };
    }

    static Rule priority(boolean preempts) {
        return new Rule() {
            @Override
            public int compare(Running one, Running other, long now) {
                return Comparator.<Running>comparingLong(r -> r.job.priority() - r.aged)
                        .thenComparing(TIES)
                        .compare(one, other);
            }

            @Override
            public boolean preempts() {
                return preempts;
            }
        };
    }

    /** Stallings' feedback queue: each level first come, first served. */
    static Rule feedback(long firstQuantum, boolean doubling) {
        return new Rule() {
            @Override
            public int compare(Running one, Running other, long now) {
                return Integer.compare(one.level, other.level);
            }

            @Override
            public long quantum(Running job) {
                return doubling ? firstQuantum << job.level : firstQuantum;
            }
        };
    }

    private final List<Running> all = new ArrayList<>();
    private final List<Running> ready = new ArrayList<>();
    private final Rule rule;
    private final boolean expiredFirst;
    private final boolean sinks;
    private final long agingTicks;
    private final List<String> ticks = new ArrayList<>();
    private final List<Running> ioOrder = new ArrayList<>();

    private TickByTick(List<Job> jobs, Rule rule, boolean expiredFirst, boolean sinks, long agingTicks) {
        for (int i = 0; i < jobs.size(); i++) {
            all.add(new Running(i, jobs.get(i)));
        }
        this.rule = rule;
        this.expiredFirst = expiredFirst;
        this.sinks = sinks;
        this.agingTicks = agingTicks;
    }

    /** Who had the CPU in each tick, by name; empty if nobody. */
    static List<String> run(List<Job> jobs, Rule rule, boolean expiredFirst) {
        return new TickByTick(jobs, rule, expiredFirst, false, 0).toTheEnd();
    }

    static List<String> runAging(List<Job> jobs, Rule rule, long agingTicks) {
        return new TickByTick(jobs, rule, false, false, agingTicks).toTheEnd();
    }

    static List<String> runFeedback(List<Job> jobs, Rule rule) {
        return new TickByTick(jobs, rule, false, true, 0).toTheEnd();
    }

    private List<String> toTheEnd() {
        Running running = null;
        for (long now = 0; all.stream().anyMatch(r -> !r.done); now++) {
            Running expired = null;
            if (running != null && running.left == 0) {
                goOn(running, now);
                running = null;
            } else if (running != null && running.sliceLeft == 0) {
                expired = running;
                running = null;
            }
            if (expired != null && expiredFirst) {
                queueAgain(expired);
            }
            age(now);
            comeIn(now);
            if (expired != null && !expiredFirst) {
                queueAgain(expired);
            }
            running = choose(running, now);
            if (running != null) {
                running.left--;
                running.sliceLeft--;
            }
            ticks.add(running == null ? "" : running.job.name());
        }
        ticks.removeLast();
        return ticks;
    }

    private void queueAgain(Running job) {
        if (sinks && !ready.isEmpty()) {
            job.level++;
        }
        job.aged = 0;
        ready.add(job);
    }

    private void age(long now) {
        if (agingTicks > 0 && now > 0 && now % agingTicks == 0) {
            ready.forEach(job -> job.aged++);
        }
    }

    private void comeIn(long now) {
        for (Running job : all) {
            if (job.position < 0 && job.job.arrival() == now) {
                goOn(job, now);
            }
        }
        for (boolean more = true; more; ) {
            more = false;
            for (Running job : List.copyOf(ioOrder)) {
                if (job.backAt == now) {
                    ioOrder.remove(job);
                    job.backAt = -1;
                    goOn(job, now);
                    more = true;
                }
            }
        }
    }

    private void goOn(Running job, long now) {
        if (!job.advance()) {
            job.done = true;
        } else if (job.computes()) {
            job.readySince = now;
            job.aged = 0;
            ready.add(job);
        } else {
            job.backAt = now + job.left;
            ioOrder.add(job);
        }
    }

    private Running choose(Running running, long now) {
        Running best = null;
        for (Running job : ready) {
            if (best == null || rule.compare(job, best, now) < 0) {
                best = job;
            }
        }
        if (running != null && !(rule.preempts() && best != null && strictlyBetter(best, running, now))) {
            return running;
        }
        if (best != null) {
            ready.remove(best);
            best.sliceLeft = rule.quantum(best);
        }
        if (running != null) {
            running.aged = 0;
            ready.add(running);
        }
        return best;
    }

    /** Better even with the tie-breaks against it. */
    private boolean strictlyBetter(Running job, Running running, long now) {
        long since = job.readySince;
        job.readySince = Long.MAX_VALUE;
        boolean better = rule.compare(job, running, now) < 0;
        job.readySince = since;
        return better;
    }
}
