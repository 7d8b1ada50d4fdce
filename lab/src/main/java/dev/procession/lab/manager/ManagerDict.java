package dev.procession.lab.manager;

import dev.procession.core.SerializableAction;
import dev.procession.lab.experiment.Bench;
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
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Entry;
import dev.procession.process.Manager;
import dev.procession.shm.SharedBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Many processes count a number in a dictionary down, in three ways: a plain dictionary, of which each gets a copy; a
 * manager's; and a manager's under a lock.
 */
public final class ManagerDict implements Experiment {
    private static final Knob<Integer> CHILDREN =
            Knob.count("children", 20, 1, 100, "how many processes count down (the course: 100)");
    private static final Knob<Integer> TIMES =
            Knob.count("times", 20, 1, 10_000, "how often each does (the course: 1)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration START_UP_EACH = Duration.ofSeconds(2);
    private static final String COUNT = "count";

    @Override
    public String id() {
        return "manager-dict";
    }

    @Override
    public String title() {
        return "one dictionary, many processes that count down";
    }

    @Override
    public String section() {
        return "3.14";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CHILDREN, TIMES);
    }

    /** Whose dictionary it is, and whether its users take turns. */
    private enum Way {
        PLAIN("a plain one: each has a copy"),
        MANAGED("a manager's, without a lock"),
        LOCKED("a manager's, under a lock");

        final String words;

        Way(String words) {
            this.words = words;
        }
    }

    /** What one way came to. */
    private record Counted(Way way, int left, List<Actor> children) {}

    /**
     * What each child does; map and lock are proxies of the manager's, or, where that is to be shown, copies.
     *
     * @param dict the dictionary
     * @param lock its users' lock
     * @param times how often it counts down
     * @param start where all wait for each other
     */
    private record CountDown(Map<String, Integer> dict, Lock lock, int times, SharedBarrier start)
            implements SerializableAction {
        @Override
        public void run() throws Exception {
            Diary.enters(Doing.WAITS);
            start.await();
            Diary.enters(Doing.CHANGES);
            for (int i = 0; i < times; i++) {
                lock.lock();
                try {
                    dict.put(COUNT, count(dict) - 1);
                } finally {
                    lock.unlock();
                }
            }
            Diary.marks(Doing.TELLS_COUNT, count(dict));
            Diary.enters(Doing.ENDS);
        }
    }

    private static int count(Map<String, Integer> dict) {
        return Objects.requireNonNull(dict.get(COUNT), COUNT);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int children = knobs.get(CHILDREN);
        int times = knobs.get(TIMES);
        List<Counted> all = new ArrayList<>();
        try (Progress progress = bench.progress("ways", Way.values().length)) {
            for (Way way : Way.values()) {
                all.add(count(way, children, times));
                progress.step();
            }
        }
        return outcome(all, children, times);
    }

    private static Counted count(Way way, int children, int times) throws InterruptedException {
        try (Manager manager = Manager.start();
                SharedBarrier start = SharedBarrier.create(children + 1);
                Cast cast = Cast.within(PATIENCE.plus(START_UP_EACH.multipliedBy(children)))) {
            Map<String, Integer> dict = way == Way.PLAIN ? new HashMap<>() : manager.map();
            // A JDK lock that travels is another lock in each process: nobody waits for anybody.
            Lock lock = way == Way.LOCKED ? manager.lock() : new ReentrantLock();
            dict.put(COUNT, children * times);
            for (int i = 1; i <= children; i++) {
                cast.start("counter-" + i, new CountDown(dict, lock, times, start));
            }
            cast.pass(start);
            cast.awaitEnds();
            return new Counted(way, count(dict), cast.actors());
        }
    }

    private static Outcome outcome(List<Counted> all, int children, int times) {
        int full = children * times;
        int plain = all.get(0).left;
        int managed = all.get(1).left;
        Counted locked = all.get(2);
        List<String> copies = told(all.get(0).children);
        boolean copiesApart = plain == full
                && copies.size() == children
                && copies.stream().allMatch(String.valueOf(full - times)::equals);
        boolean isShown = copiesApart && locked.left == 0;
        Figures figures = Figures.none()
                .with("children", children, "processes that count down")
                .with("times", times, "times each")
                .with("before", full, "count at the beginning")
                .with("plainLeft", plain, "left in a plain dictionary: its copies were counted down")
                .with("managedLeft", managed, "left in the manager's without a lock: so many steps were lost")
                .with("lockedLeft", locked.left, "left in the manager's under a lock")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("copies", copies)
                .withUnprinted("pids", locked.children.stream().map(Actor::pid).toList());
        List<List<String>> rows = new ArrayList<>();
        all.forEach(counted -> rows.add(List.of(
                counted.way.words,
                String.valueOf(full),
                String.valueOf(counted.left),
                String.join(" ", shortened(told(counted.children))))));
        return Outcome.of(Verdict.of(isShown), reason(copiesApart, locked.left, managed), figures)
                .with(
                        "Under the lock",
                        Lanes.of(locked.children.stream()
                                .map(child -> child.lane(
                                        Doing.class,
                                        Label.of(child.name() + " pid " + child.pid()),
                                        "left " + String.join("", told(List.of(child)))))
                                .toList()))
                .with("All three", new Table(List.of("dictionary", "before", "after", "the children saw"), rows));
    }

    private static List<String> told(List<Actor> children) {
        return children.stream()
                .flatMap(child -> child.entries(Doing.TELLS_COUNT).stream())
                .map(Entry::text)
                .toList();
    }

    private static List<String> shortened(List<String> texts) {
        List<String> few = new ArrayList<>(texts.subList(0, Math.min(3, texts.size())));
        if (texts.size() > few.size()) {
            few.add("...");
        }
        return few;
    }

    private static String reason(boolean copiesApart, int lockedLeft, int managedLeft) {
        if (!copiesApart) {
            return "a plain dictionary was not copied";
        } else if (lockedLeft != 0) {
            return "under the lock " + lockedLeft + " steps were lost";
        }
        return "under the lock no step was lost; without it " + managedLeft
                + (managedLeft == 0 ? " this time, by luck" : " were");
    }
}
