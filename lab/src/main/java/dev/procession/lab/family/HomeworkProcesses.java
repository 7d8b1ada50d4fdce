package dev.procession.lab.family;

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
import dev.procession.lab.ticket.TicketLock;
import dev.procession.process.ChildProcess;
import dev.procession.process.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The six exercises on processes, each done and each checked. */
public final class HomeworkProcesses implements Experiment {
    private static final Knob<Integer> CHILDREN = Knob.count("children", 5, 1, 50, "how many processes sum up");
    private static final Knob<Integer> TO = Knob.count("to", 100, 1, 1_000_000_000, "the last number that is added");
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 300, "how long each sleeps before it sums up (the course: 1000)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration START_UP_EACH = Duration.ofSeconds(2);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(2);

    @Override
    public String id() {
        return "homework-processes";
    }

    @Override
    public String title() {
        return "six exercises on processes, done and checked";
    }

    @Override
    public String section() {
        return "3.12";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CHILDREN, TO, NAP);
    }

    /** Exercise 1 to 4: a class of its own, whose fields are its state. */
    private record Adder(int to, Duration nap) implements SerializableAction {
        @Override
        public void run() throws InterruptedException {
            add(to, nap);
        }

        static void add(int to, Duration nap) throws InterruptedException {
            Diary.marks(Doing.TELLS_PARENT, Processes.parent().orElseThrow().pid());
            Diary.enters(Doing.SLEEPS);
            Thread.sleep(nap);
            long sum = 0;
            for (int number = 1; number <= to; number++) {
                sum += number;
            }
            Diary.marks(Doing.TELLS_SUM, sum);
            Diary.enters(Doing.ENDS);
        }
    }

    /** One exercise, what came of it, and whether that is what was asked. */
    private record Done(int number, String exercise, String came, boolean isRight) {
        List<String> row() {
            return List.of(String.valueOf(number), exercise, came, isRight ? "yes" : "NO");
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int to = knobs.get(TO);
        try (Progress progress = bench.progress("exercises", 4)) {
            List<Actor> twoWays = twoWays(to);
            progress.step();
            List<Actor> five = sumUp(knobs.get(CHILDREN), to, knobs.get(NAP));
            progress.step();
            Daemon daemon = stopTheParent(bench.folder());
            progress.step();
            Outcome rush = new TicketLock().run(rushKnobs(), bench);
            progress.step();
            return outcome(twoWays, five, sum(to), daemon, rush);
        }
    }

    private static long sum(long to) {
        return to * (to + 1) / 2;
    }

    private static List<Actor> twoWays(int to) throws InterruptedException {
        try (Cast cast = Cast.within(PATIENCE)) {
            cast.start("by-lambda", () -> Adder.add(to, Duration.ZERO));
            cast.start("by-class", new Adder(to, Duration.ZERO));
            cast.awaitEnds();
            return cast.actors();
        }
    }

    private static List<Actor> sumUp(int count, int to, Duration nap) throws InterruptedException {
        try (Cast cast = Cast.within(PATIENCE.plus(nap).plus(START_UP_EACH.multipliedBy(count)))) {
            for (int i = 1; i <= count; i++) {
                cast.start(String.format(Locale.ROOT, "process-%03d", i), new Adder(to, nap));
            }
            cast.awaitEnds();
            return cast.actors();
        }
    }

    /** What became of a daemon child whose parent was stopped as a task manager does it. */
    private record Daemon(long parentPid, long childPid, boolean isGone, Duration within) {}

    private static Daemon stopTheParent(Path folder) throws InterruptedException {
        try (Cast cast = Cast.within(PATIENCE)) {
            Actor parent = cast.start(
                    ChildProcess.builder().name("parent-to-stop").nonDaemon(),
                    new Mother(
                            Mother.Kind.DAEMON,
                            Mother.Ending.STAYS,
                            folder.resolve("daemon.txt").toString(),
                            Mother.FOR_EVER));
            cast.await("the parent to have its daemon child", () -> parent.has(Doing.HAS_CHILD));
            long childPid =
                    Long.parseLong(parent.entries(Doing.HAS_CHILD).getFirst().text());
            long killedNanos = System.nanoTime();
            parent.kill();
            cast.awaitEnds();
            boolean gone = Pids.awaitGone(childPid, ORPHAN_LIMIT);
            return new Daemon(parent.pid(), childPid, gone, Duration.ofNanos(System.nanoTime() - killedNanos));
        }
    }

    private static Knobs rushKnobs() {
        return Knobs.read(new TicketLock().knobs(), Map.of("runs", "1"));
    }

    private static List<String> told(List<Actor> children, Doing look) {
        return children.stream()
                .flatMap(child -> child.entries(look).stream())
                .map(Entry::text)
                .toList();
    }

    private static boolean allTold(List<Actor> children, Doing look, long value) {
        List<String> told = told(children, look);
        return told.size() == children.size() && told.stream().allMatch(String.valueOf(value)::equals);
    }

    private static Outcome outcome(List<Actor> twoWays, List<Actor> five, long sum, Daemon daemon, Outcome rush) {
        long own = ProcessHandle.current().pid();
        List<Long> pids = five.stream().map(Actor::pid).toList();
        List<String> names = five.stream().map(Actor::name).toList();
        List<String> asked = new ArrayList<>();
        for (int i = 1; i <= five.size(); i++) {
            asked.add("process-" + "0".repeat(3 - String.valueOf(i).length()) + i);
        }
        boolean pidsRight = new HashSet<>(pids).size() == pids.size()
                && !pids.contains(own)
                && allTold(five, Doing.TELLS_PARENT, own);
        List<Done> all = List.of(
                new Done(
                        1,
                        "start a process in two ways",
                        "a lambda and a class: " + String.join(", ", told(twoWays, Doing.TELLS_SUM)),
                        allTold(twoWays, Doing.TELLS_SUM, sum)),
                new Done(
                        2,
                        five.size() + " processes sum up, then are joined",
                        "each " + String.join(", ", new HashSet<>(told(five, Doing.TELLS_SUM))),
                        allTold(five, Doing.TELLS_SUM, sum) && five.stream().allMatch(child -> !child.isAlive())),
                new Done(
                        3,
                        "their ids and their parent's",
                        pids.size() + " ids, one parent: "
                                + String.join(", ", new HashSet<>(told(five, Doing.TELLS_PARENT))),
                        pidsRight),
                new Done(4, "names process-001 ...", names.getFirst() + " ... " + names.getLast(), names.equals(asked)),
                new Done(
                        5,
                        "stop the parent of a daemon",
                        daemon.isGone ? "the child was gone within " + daemon.within.toMillis() + " ms" : "STILL THERE",
                        daemon.isGone),
                new Done(
                        6,
                        "a ticket rush that goes right",
                        "ticket-lock: " + rush.verdict().words(),
                        rush.verdict() == Verdict.SHOWN));
        List<Integer> wrong =
                all.stream().filter(done -> !done.isRight).map(Done::number).toList();
        Figures figures = Figures.none()
                .with("children", five.size(), "processes that summed up")
                .with("sum", sum, "what each had to come to")
                .with("sums", told(five, Doing.TELLS_SUM), "what they told")
                .with("parentPid", own, "this JVM's, which each names as its parent")
                .with("daemonGoneMillis", daemon.within.toMillis(), "ms until the daemon of a killed parent was gone")
                .withUnprinted("names", names)
                .withUnprinted("pids", pids)
                .withUnprinted("daemonPid", daemon.childPid)
                .withUnprinted("ticketLock", rush.verdict().words())
                .withUnprinted("wrong", wrong);
        return Outcome.of(
                        Verdict.of(wrong.isEmpty()),
                        wrong.isEmpty() ? "all six exercises came out as asked" : "not as asked: exercise " + wrong,
                        figures)
                .with(
                        "Exercise 2 to 4: started one after another, joined in the end",
                        Lanes.of(five.stream()
                                .map(child -> child.lane(
                                        Doing.class,
                                        Label.of(child.name() + " pid " + child.pid()),
                                        "sum " + String.join("", told(List.of(child), Doing.TELLS_SUM))))
                                .toList()))
                .with(
                        "All six",
                        new Table(
                                List.of("", "exercise", "what came of it", "as asked"),
                                all.stream().map(Done::row).toList()));
    }
}
