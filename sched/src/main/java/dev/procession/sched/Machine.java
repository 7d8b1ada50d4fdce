package dev.procession.sched;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run: the CPU, the clock and the jobs on their way in, in I/O and out. The policy's {@link ReadyQueue} holds those
 * between.
 *
 * <p>The run is a chain of stints. A stint ends when the burst ends, when the slice ends or, in an interruptible queue,
 * when anything else happens. What happens at one instant is told in a fixed order, on which every oracle depends:
 *
 * <ol>
 *   <li>the stint that ends there: the job finishes, begins its I/O, or is added again (a job whose slice ended only
 *       now if {@link ReadyQueue#expiredFirst});
 *   <li>the timer;
 *   <li>arrivals, in list order;
 *   <li>ends of I/O, in the order in which the I/Os began;
 *   <li>the job whose slice ended, if it was not added first;
 *   <li>the choice of the next job.
 * </ol>
 *
 * A stint that nothing may interrupt can last longer than the time to the next event; then that event is told at its own
 * instant before the end of the stint is, so the queue always sees instants in order.
 */
final class Machine {
    private final long switchCostTicks;
    private final ReadyQueue queue;
    private final String policyName;
    private final @Nullable Trace trace;

    private final ControlBlock[] blocks;
    private final Outside outside;

    private long now;
    /** The instant up to which arrivals, ends of I/O and timers have been told. */
    private long toldUntil = -1;

    private int unfinished;

    private @Nullable ControlBlock last;
    private long busyTicks;
    private long switches;
    private long switchTicks;

    private @Nullable ControlBlock segmentBlock;
    private @Nullable Rank segmentRank;
    private long segmentStart;
    private long segmentEnd;

    Machine(Policy policy, List<Job> jobs, long switchCostTicks, Simulator.SetUp setUp, @Nullable Trace trace) {
        this.switchCostTicks = switchCostTicks;
        this.queue = policy.open(jobs);
        this.policyName = policy.name();
        this.trace = trace;
        blocks = ControlBlock.of(jobs);
        outside = new Outside(blocks, setUp);
        unfinished = blocks.length;
    }

    Figures run() {
        tellUntil(0);
        while (unfinished > 0) {
            ControlBlock chosen = queue.poll(now);
            if (chosen == null) {
                rest();
            } else {
                ensureReady(chosen);
                give(chosen);
            }
        }
        closeSegment();
        return Figures.of(blocks, busyTicks, switches, switchTicks);
    }

    private void rest() {
        long next = nextEvent();
        if (next == ReadyQueue.NEVER) {
            throw new IllegalStateException("the policy leaves jobs waiting for ever: policy=" + policyName + ", time="
                    + now + ", unfinished=" + unfinished);
        }
        now = next;
        tellUntil(now);
    }

    private void ensureReady(ControlBlock chosen) {
        if (chosen.state != ControlBlock.State.READY) {
            throw new IllegalStateException("the policy chose a job that is not ready: policy=" + policyName + ", time="
                    + now + ", job=" + chosen);
        }
    }

    /** Gives the CPU to a job: the switch, if it is another job than before, and then a stint. */
    private void give(ControlBlock chosen) {
        if (last != null && last != chosen) {
            switches++;
            switchTicks += switchCostTicks;
            now = Outside.later(now, switchCostTicks);
        }
        last = chosen;
        if (queue.interruptible() && nextEvent() <= now) {
            addAgain(chosen, Entry.INTERRUPTED);
            tellUntil(now);
        } else {
            stint(chosen);
        }
    }

    private void stint(ControlBlock chosen) {
        long slice = queue.slice(chosen);
        if (slice < 1) {
            throw new IllegalStateException(
                    "the policy gave a slice below 1: policy=" + policyName + ", slice=" + slice + ", job=" + chosen);
        }
        long ticks = Math.min(slice, chosen.burstLeft());
        if (queue.interruptible()) {
            ticks = Math.min(ticks, nextEvent() - now);
        }
        long heldTicks = queue.wholeSlots() ? slice : ticks;
        long end = Outside.later(now, heldTicks);
        if (trace != null) {
            openSegment(chosen);
        }
        chosen.state = ControlBlock.State.RUNNING;
        chosen.run(now, ticks);
        busyTicks += heldTicks;
        queue.ran(chosen, ticks);
        if (trace != null) {
            segmentEnd = end;
            segmentRank = queue.rank(chosen);
        }
        tellUntil(end - 1);
        now = end;
        stop(chosen, ticks == slice);
    }

    private void stop(ControlBlock stopped, boolean sliceUsedUp) {
        if (stopped.burstLeft() == 0) {
            goOn(stopped);
            tellUntil(now);
        } else if (!sliceUsedUp) {
            addAgain(stopped, Entry.INTERRUPTED);
            tellUntil(now);
        } else if (queue.expiredFirst()) {
            addAgain(stopped, Entry.EXPIRED);
            tellUntil(now);
        } else {
            tellUntil(now);
            addAgain(stopped, Entry.EXPIRED);
        }
    }

    private void addAgain(ControlBlock block, Entry entry) {
        block.enter(entry, now);
        queue.add(block, entry, now);
    }

    /** What follows a CPU burst: never another one, they are joined. */
    private void goOn(ControlBlock block) {
        if (block.advance()) {
            queue.blocked(block);
            startIo(block, now);
        } else {
            finish(block, now);
        }
    }

    private void startIo(ControlBlock block, long time) {
        tell(time, Event.Kind.IO_STARTED, block);
        outside.startIo(block, time);
    }

    private void finish(ControlBlock block, long time) {
        tell(time, Event.Kind.FINISHED, block);
        block.state = ControlBlock.State.DONE;
        block.finish = time;
        unfinished--;
    }

    private long nextEvent() {
        return Math.min(outside.nextEvent(), queue.nextTimer(toldUntil));
    }

    private void tellUntil(long limit) {
        for (long next = nextEvent(); next <= limit && unfinished > 0; next = nextEvent()) {
            tellAt(next);
        }
        toldUntil = Math.max(toldUntil, limit);
    }

    private void tellAt(long time) {
        if (queue.nextTimer(toldUntil) == time) {
            Event.Kind kind = queue.timer(time);
            if (kind != null && trace != null) {
                trace.event(new Event(time, kind, null));
            }
        }
        toldUntil = time;
        while (outside.nextArrival() == time) {
            arrive(outside.takeArrival(), time);
        }
        while (outside.nextReturn() == time) {
            comeBack(outside.takeReturn(), time);
        }
    }

    private void arrive(ControlBlock block, long time) {
        tell(time, Event.Kind.ARRIVED, block);
        block.advance();
        if (block.computes()) {
            block.enter(Entry.ARRIVED, time);
            queue.add(block, Entry.ARRIVED, time);
        } else {
            startIo(block, time);
        }
    }

    private void comeBack(ControlBlock block, long time) {
        tell(time, Event.Kind.IO_DONE, block);
        if (block.advance()) {
            block.enter(Entry.RETURNED, time);
            queue.add(block, Entry.RETURNED, time);
        } else {
            finish(block, time);
        }
    }

    private void tell(long time, Event.Kind kind, ControlBlock block) {
        if (trace != null) {
            trace.event(new Event(time, kind, block.job()));
        }
    }

    private void openSegment(ControlBlock chosen) {
        boolean keptOn = chosen == segmentBlock
                && segmentEnd == now
                && (chosen.entry == Entry.EXPIRED || chosen.entry == Entry.INTERRUPTED);
        if (!keptOn || queue.beginsSegment(chosen.entry) || levelOf(queue.rank(chosen)) != levelOf(segmentRank)) {
            closeSegment();
            segmentBlock = chosen;
            segmentStart = now;
        }
    }

    private static int levelOf(@Nullable Rank rank) {
        return rank == null ? 0 : rank.level();
    }

    private void closeSegment() {
        if (trace != null && segmentBlock != null) {
            trace.segment(new Segment(segmentBlock.job(), segmentStart, segmentEnd, segmentRank));
            segmentBlock = null;
        }
    }
}
