package dev.procession.lab.coroutine;

import dev.procession.green.EventLoop;
import dev.procession.green.Task;
import dev.procession.green.TaskGroup;
import dev.procession.green.Tasks;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Coroutines on an event loop: all begin, all sleep, and the loop ends when the last has woken. Between two waits each has the
 * loop to itself. Then the same with very many, which no one would start threads for.
 */
public final class Asyncio implements Experiment {
    private static final Knob<List<Integer>> NAPS = Knob.numbers(
            "naps", List.of(200, 300), 0, 60_000, 20, "how long each coroutine sleeps, in ms (the course: 2000,3000)");
    private static final Knob<Integer> CROWD =
            Knob.count("crowd", 10_000, 1, 200_000, "how many sleep in the second part, the longest of the naps each");
    private static final int MANNERS = 500;

    @Override
    public String id() {
        return "asyncio";
    }

    @Override
    public String title() {
        return "all sleep at once: as long as the longest";
    }

    @Override
    public String section() {
        return "6.4";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(NAPS, CROWD);
    }

    /** A stretch for which a coroutine had the loop, between two waits. */
    private record Turn(int coroutine, long fromNanos, long untilNanos) {}

    /** What the loop came to. */
    private record Looped(List<Integer> naps, List<Turn> turns, long fromNanos, long untilNanos, Duration crowdTook) {
        Duration took() {
            return Duration.ofNanos(untilNanos - fromNanos);
        }

        Duration longest() {
            return Duration.ofMillis(Collections.max(naps));
        }

        Duration sum() {
            return Duration.ofMillis(naps.stream().mapToLong(Integer::longValue).sum());
        }

        /** The first turns in the order of the starts, the last ones in the order of the naps. */
        boolean inOrder() {
            List<Integer> first =
                    turns.subList(0, naps.size()).stream().map(Turn::coroutine).toList();
            List<Integer> slept = turns.subList(naps.size(), turns.size()).stream()
                    .map(turn -> naps.get(turn.coroutine))
                    .toList();
            return first.equals(IntStream.range(0, naps.size()).boxed().toList())
                    && slept.equals(naps.stream().sorted().toList());
        }

        /** No turn begins before the one before it has ended. */
        boolean oneAtATime() {
            List<Turn> byTime = turns.stream()
                    .sorted(Comparator.comparingLong(Turn::fromNanos))
                    .toList();
            for (int i = 1; i < byTime.size(); i++) {
                if (byTime.get(i).fromNanos < byTime.get(i - 1).untilNanos) {
                    return false;
                }
            }
            return true;
        }

        boolean asLongAsTheLongest() {
            boolean shorter = took().compareTo(sum()) < 0 || sum().equals(longest());
            return took().compareTo(longest()) >= 0 && shorter;
        }

        Lanes lanes() {
            List<Lanes.Lane> lanes = new ArrayList<>();
            for (int i = 0; i < naps.size(); i++) {
                int own = i;
                List<Turn> its =
                        turns.stream().filter(turn -> turn.coroutine == own).toList();
                lanes.add(new Lanes.Lane(
                        Label.of("task-" + (i + 1)),
                        List.of(new Lanes.Span(
                                /* fromNanos= */ its.getFirst().untilNanos,
                                /* untilNanos= */ its.getLast().fromNanos,
                                Doing.SLEEPS.tint())),
                        List.of(
                                new Lanes.Mark(its.getFirst().fromNanos, Doing.SPEAKS.tint()),
                                new Lanes.Mark(its.getLast().untilNanos, Doing.ENDS.tint())),
                        naps.get(i) + " ms"));
            }
            return Lanes.of(lanes);
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        List<Integer> naps = knobs.get(NAPS);
        int crowd = knobs.get(CROWD);
        Duration nap = Duration.ofMillis(Collections.max(naps));
        try (Progress progress = bench.progress("loops", 2);
                EventLoop loop = EventLoop.create()) {
            sleepAll(loop, List.of(0)); // the first loop of a JVM tries the engine
            List<Turn> turns = new ArrayList<>();
            long from = System.nanoTime();
            turns.addAll(sleepAll(loop, naps));
            long until = System.nanoTime();
            progress.step();
            Duration crowdTook = sleepInACrowd(loop, crowd, nap);
            progress.step();
            return outcome(new Looped(naps, turns, from, until, crowdTook), crowd);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new BrokenRunException("the loop failed: " + e, e);
        }
    }

    /** The turns, in order. */
    private static List<Turn> sleepAll(EventLoop loop, List<Integer> naps) throws Exception {
        List<Turn> turns = new ArrayList<>(); // no lock: one at a time has the loop
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < naps.size(); i++) {
            int own = i;
            tasks.add(loop.createTask(() -> {
                long began = System.nanoTime();
                turns.add(new Turn(own, began, System.nanoTime()));
                EventLoop.sleep(Duration.ofMillis(naps.get(own)));
                long woke = System.nanoTime();
                turns.add(new Turn(own, woke, System.nanoTime()));
                return null;
            }));
        }
        loop.runUntilComplete(() -> Tasks.wait(tasks));
        return turns;
    }

    private static Duration sleepInACrowd(EventLoop loop, int crowd, Duration nap) throws Exception {
        long began = System.nanoTime();
        loop.runUntilComplete(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < crowd; i++) {
                    Task<?> _ = group.start(() -> EventLoop.sleep(nap));
                    if (i % MANNERS == 0) {
                        EventLoop.sleep(Duration.ZERO); // who starts many lets others run meanwhile
                    }
                }
            }
            return null;
        });
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static Outcome outcome(Looped looped, int crowd) {
        Duration crowdSum = looped.longest().multipliedBy(crowd);
        boolean crowdRight = looped.crowdTook.compareTo(looped.longest()) >= 0
                && (crowd < 100 || looped.crowdTook.multipliedBy(10).compareTo(crowdSum) < 0);
        boolean shown = looped.inOrder() && looped.oneAtATime() && looped.asLongAsTheLongest() && crowdRight;
        Figures figures = Figures.none()
                .with("naps", looped.naps, "ms that the coroutines slept")
                .with("tookMillis", looped.took().toMillis(), "ms for all of them")
                .with("sumMillis", looped.sum().toMillis(), "ms that their naps add up to")
                .with("oneAtATime", looped.oneAtATime(), "whether never two had the loop at the same instant")
                .with("crowd", crowd, "coroutines that slept the longest nap each")
                .with("crowdMillis", looped.crowdTook.toMillis(), "ms for all of those")
                .withUnprinted("inOrder", looped.inOrder());
        return Outcome.of(Verdict.of(shown), reason(looped, crowdRight, crowd), figures)
                .with("One loop; who sleeps lets the others run", looped.lanes())
                .with("One after the other, and on the loop", table(looped, crowd, crowdSum));
    }

    private static Table table(Looped looped, int crowd, Duration crowdSum) {
        return new Table(
                List.of("coroutines", "longest nap, ms", "all naps, ms", "on the loop, ms"),
                List.of(
                        row(looped.naps.size(), looped.longest(), looped.sum(), looped.took()),
                        row(crowd, looped.longest(), crowdSum, looped.crowdTook)));
    }

    private static List<String> row(int count, Duration longest, Duration sum, Duration took) {
        return List.of(
                String.valueOf(count),
                String.valueOf(longest.toMillis()),
                String.valueOf(sum.toMillis()),
                String.valueOf(took.toMillis()));
    }

    private static String reason(Looped looped, boolean crowdRight, int crowd) {
        if (!looped.oneAtATime()) {
            return "two coroutines had the loop at the same instant";
        } else if (!looped.inOrder()) {
            return "they did not begin in the order of their starts, or not end in that of their naps";
        } else if (!looped.asLongAsTheLongest()) {
            return "all took " + looped.took().toMillis() + " ms, the longest nap is "
                    + looped.longest().toMillis() + " ms; is the machine busy?";
        } else if (!crowdRight) {
            return crowd + " coroutines took " + looped.crowdTook.toMillis() + " ms; is the machine busy?";
        }
        return looped.naps.size() + " naps took " + looped.took().toMillis() + " ms, as long as the longest, and "
                + crowd + " took " + looped.crowdTook.toMillis() + " ms, never two at the same instant";
    }
}
