package dev.procession.lab.thread;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Table;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Hand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ways to start a thread, and what one can ask it: alive or not, its name, who else there is. */
public final class Threads implements Experiment {
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 300, "how long each thread, and this one, sleeps (the course: 3000)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NEW_NAME = "renamed";

    @Override
    public String id() {
        return "threads";
    }

    @Override
    public String title() {
        return "ways to start a thread, and what to ask it";
    }

    @Override
    public String section() {
        return "4.2, 4.9, 4.10.1, 4.11";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(NAP);
    }

    /** The second way of the course: a class of its own that overrides run and has state. */
    private static final class SayHello extends Thread {
        private final Duration nap;
        private final CountDownLatch mayEnd;

        // Written by the thread, read after join.
        private String said = "";
        private long pid;
        private long beganNanos;
        private long endedNanos;

        SayHello(ThreadGroup group, String name, Duration nap, CountDownLatch mayEnd) {
            super(group, name);
            this.nap = nap;
            this.mayEnd = mayEnd;
            setDaemon(true);
        }

        @Override
        public void run() {
            beganNanos = System.nanoTime();
            pid = ProcessHandle.current().pid();
            try {
                sleep(nap);
                if (mayEnd.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    said = getName() + " says hello";
                }
            } catch (InterruptedException e) {
                interrupt(); // Then it says nothing, and the run sees that.
            }
            endedNanos = System.nanoTime();
        }

        Lanes.Lane lane() {
            return new Lanes.Lane(
                    Label.of("a class of its own"),
                    List.of(new Lanes.Span(beganNanos, endedNanos, Doing.SLEEPS.tint())),
                    List.of(new Lanes.Mark(endedNanos, Doing.TELLS_NAME.tint())),
                    said);
        }
    }

    /**
     * What a thread answered at one moment of its life, or what was asked about all.
     *
     * @param isAlive of the thread with a class of its own
     * @param active how many threads the group counts
     * @param enumerated their names, in order
     */
    private record Answers(boolean isAlive, int active, List<String> enumerated) {
        static Answers of(Thread thread, ThreadGroup group) {
            Thread[] all = new Thread[group.activeCount() + 8];
            int count = group.enumerate(all);
            return new Answers(
                    thread.isAlive(),
                    group.activeCount(),
                    Arrays.stream(all, 0, count).map(Thread::getName).sorted().toList());
        }

        boolean are(boolean alive, String... names) {
            return isAlive == alive && active == names.length && enumerated.equals(List.of(names));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("isAlive", isAlive);
            map.put("activeCount", active);
            map.put("enumerated", enumerated);
            return map;
        }
    }

    /** All that was seen. */
    private record Seen(
            SayHello own,
            List<Hand> hands,
            Answers before,
            Answers during,
            Answers after,
            List<String> nowAndThen,
            Duration took,
            Duration nap) {
        Hand byRunnable() {
            return hands.getFirst();
        }

        boolean onePid() {
            String us = String.valueOf(ProcessHandle.current().pid());
            return String.valueOf(own.pid).equals(us)
                    && hands.stream()
                            .allMatch(hand -> texts(hand, Doing.TELLS_PID).equals(List.of(us)));
        }

        boolean lifeIsRight() {
            return before.are(false) && during.are(true, byRunnable().name(), NEW_NAME) && after.are(false);
        }

        boolean namesAreRight() {
            return nowAndThen.equals(List.of("nick", NEW_NAME))
                    && own.said.equals(NEW_NAME + " says hello")
                    && texts(byRunnable(), Doing.TELLS_NAME)
                            .equals(List.of(byRunnable().name()));
        }

        /** One after the other the naps alone would have taken longer. */
        boolean sideBySide() {
            return took.compareTo(nap.multipliedBy(2L + hands.size())) < 0 || nap.isZero();
        }

        List<Long> sleptMillis() {
            List<Long> slept = new ArrayList<>();
            slept.add(Duration.ofNanos(own.endedNanos - own.beganNanos).toMillis());
            hands.forEach(hand -> slept.add(
                    Duration.ofNanos(hand.endedNanos() - hand.startedNanos()).toMillis()));
            return slept;
        }
    }

    private static List<String> texts(Hand hand, Doing look) {
        return hand.entries(look).stream().map(Entry::text).toList();
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration nap = knobs.get(NAP);
        ThreadGroup group = new ThreadGroup("threads-experiment");
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (Crew crew = Crew.within(PATIENCE.plus(nap))) {
            SayHello own = new SayHello(group, "nick", nap, mayEnd);
            List<String> names = new ArrayList<>();
            names.add(own.getName());
            Answers before = Answers.of(own, group);
            long began = System.nanoTime();
            own.start();
            own.setName(NEW_NAME);
            names.add(own.getName());
            crew.start(Thread.ofPlatform().group(group).name("by-runnable").daemon(), hand -> play(hand, nap, mayEnd));
            crew.start(Thread.ofVirtual().name("virtual"), hand -> play(hand, nap, mayEnd));
            crew.await("all to sleep", () -> crew.hands().stream().allMatch(hand -> hand.has(Doing.SLEEPS)));
            Answers during = Answers.of(own, group);
            Thread.sleep(nap);
            mayEnd.countDown();
            crew.awaitEnds();
            own.join(PATIENCE);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            crew.hands().forEach(hand -> join(hand.thread()));
            return outcome(new Seen(own, crew.hands(), before, during, Answers.of(own, group), names, took, nap));
        } finally {
            mayEnd.countDown();
        }
    }

    /** Its task is over: what is left takes moments. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void play(Hand hand, Duration nap, CountDownLatch mayEnd) throws InterruptedException {
        hand.marks(Doing.TELLS_PID, ProcessHandle.current().pid());
        hand.enters(Doing.SLEEPS);
        Thread.sleep(nap);
        mayEnd.await();
        hand.marks(Doing.TELLS_NAME, Thread.currentThread().getName());
    }

    private static Outcome outcome(Seen seen) {
        boolean shown = seen.onePid() && seen.lifeIsRight() && seen.namesAreRight() && seen.sideBySide();
        Figures figures = Figures.none()
                .with("threads", 1 + seen.hands.size(), "threads: by a class, by a Runnable, and a virtual one")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM, which all three tell too")
                .with("onePid", seen.onePid(), "whether they do")
                .with("sleptMillis", seen.sleptMillis(), "ms each of them lived")
                .with("tookMillisForAll", seen.took.toMillis(), "ms for all, and for this thread's own nap")
                .withUnprinted("names", seen.nowAndThen)
                .withUnprinted("before", seen.before.asMap())
                .withUnprinted("during", seen.during.asMap())
                .withUnprinted("after", seen.after.asMap());
        List<Lanes.Lane> lanes = new ArrayList<>();
        lanes.add(seen.own.lane());
        seen.hands.forEach(hand -> lanes.add(
                hand.lane(Doing.class, Label.of(hand.name()), String.join("", texts(hand, Doing.TELLS_NAME)))));
        return Outcome.of(Verdict.of(shown), reason(seen), figures)
                .with("Three ways to start a thread; all sleep side by side", Lanes.of(lanes))
                .with("What to ask", questions(seen));
    }

    private static Table questions(Seen seen) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("is_alive()", "isAlive()", seen, answers -> String.valueOf(answers.isAlive)));
        rows.add(List.of(
                "getName(), setName()", "getName(), setName()", seen.nowAndThen.getFirst(), NEW_NAME, NEW_NAME));
        rows.add(row("active_count()", "activeCount()", seen, answers -> String.valueOf(answers.active)));
        rows.add(row("enumerate()", "enumerate(array)", seen, answers -> String.join(" ", answers.enumerated)));
        rows.add(List.of(
                "current_thread()",
                "currentThread()",
                "",
                texts(seen.byRunnable(), Doing.TELLS_NAME).getFirst(),
                ""));
        return new Table(List.of("Python", "Java", "before start", "while they run", "after join"), rows);
    }

    private interface Question {
        String answer(Answers answers);
    }

    private static List<String> row(String python, String java, Seen seen, Question question) {
        return List.of(
                python, java, question.answer(seen.before), question.answer(seen.during), question.answer(seen.after));
    }

    private static String reason(Seen seen) {
        if (!seen.onePid()) {
            return "a thread told another process id than this JVM's";
        } else if (!seen.lifeIsRight()) {
            return "alive and listed before, during and after: " + seen.before.asMap() + ", " + seen.during.asMap()
                    + ", " + seen.after.asMap();
        } else if (!seen.namesAreRight()) {
            return "the names were not as given: " + seen.nowAndThen + ", " + seen.own.said;
        } else if (!seen.sideBySide()) {
            return "all took " + seen.took.toMillis() + " ms, which naps of " + seen.nap.toMillis()
                    + " ms one after the other would too";
        }
        return "three threads and this one slept side by side in one process; they were alive, and listed, between start and"
                + " join; the virtual one is in no list";
    }
}
