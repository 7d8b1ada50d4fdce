package dev.procession.lab.meal;

import dev.procession.explore.Exploration;
import dev.procession.explore.FailingSchedule;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.meal.Dinner.Kind;
import dev.procession.lab.meal.Dinner.Told;
import dev.procession.lab.picture.Table;
import dev.procession.lab.stage.Entry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Two who each hold what the other wants: whoever comes last is told, and both eat in the end. */
public final class Noodles implements Experiment {
    private static final Knob<Kind> KIND = Knob.choice("kind", Kind.PROCESS, "what the two diners are");
    private static final Knob<Duration> EATING = Knob.millis("eating", 20, "how long a meal takes");
    private static final long SCHEDULES = 28;
    private static final long DEADLOCKS = 6;
    private static final long SOON_MILLIS = 50;

    @Override
    public String id() {
        return "noodles";
    }

    @Override
    public String title() {
        return "noodles, chopsticks and a deadlock";
    }

    @Override
    public String section() {
        return "4.13";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(KIND, EATING);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration eating = knobs.get(EATING);
        Told told = Dinner.hold(
                knobs.get(KIND),
                bench.folder(),
                (noodles, chopsticks, seated) -> List.of(
                        new Diner(noodles, chopsticks, seated, Manners.GREEDY, 1, eating),
                        new Diner(chopsticks, noodles, seated, Manners.GREEDY, 1, eating)));
        return outcome(told, Orders.OPPOSITE.explore());
    }

    private static Outcome outcome(Told told, Exploration explored) {
        List<Entry> messages = told.of(Doing.TOLD);
        String message = messages.isEmpty() ? "" : messages.getFirst().text();
        long namedNanos = messages.isEmpty() ? 0 : messages.getFirst().nanos() - told.closedNanos();
        long namedMillis = TimeUnit.NANOSECONDS.toMillis(namedNanos);
        boolean both = told.meals(Dinner.ADA) == 1 && told.meals(Dinner.BEN) == 1;
        boolean right = namesAll(message, told.pids());
        boolean counted = explored.schedules() == SCHEDULES && explored.failing() == DEADLOCKS;
        Figures figures = Figures.none()
                .with("told", messages.size(), "of the two was told of a deadlock")
                .with("namedMillis", namedMillis, "ms after the wait that closed the circle was to begin")
                .with("ate", told.meals(Dinner.ADA) + told.meals(Dinner.BEN), "ate in the end")
                .with("schedules", explored.schedules(), "orders of the steps there are")
                .with("deadlocks", explored.failing(), "of them end in a deadlock")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("message", message)
                .withUnprinted("pids", told.pids());
        return Outcome.of(
                        Verdict.of(messages.size() == 1 && both && right && counted && namedMillis <= SOON_MILLIS),
                        reason(messages.size(), both, right, counted, namedMillis),
                        figures)
                .with("From when each reached for its first thing", told.lanes())
                .with("What one was told", new Table(List.of(), lines(message)))
                .with(
                        "The shortest order that ends in a deadlock",
                        explored.shortest().map(Noodles::steps).orElse(new Table(List.of("there is none"), List.of())));
    }

    /** An edge of the circle a line. */
    private static List<List<String>> lines(String message) {
        return Stream.of(message.split("(?<=,) (?=which waits)", -1))
                .map(List::of)
                .toList();
    }

    private static boolean namesAll(String message, List<Long> pids) {
        return Stream.of(Dinner.ADA, Dinner.BEN, Dinner.NOODLES + " held by", Dinner.CHOPSTICKS + " held by")
                        .allMatch(message::contains)
                && pids.stream().allMatch(pid -> message.contains("pid " + pid));
    }

    private static Table steps(FailingSchedule schedule) {
        return new Table(
                schedule.tasks(),
                schedule.steps().stream()
                        .map(step -> schedule.tasks().stream()
                                .map(task -> task.equals(step.task()) ? step.toString() : "")
                                .toList())
                        .toList());
    }

    private static String reason(int told, boolean both, boolean right, boolean counted, long namedMillis) {
        if (told != 1) {
            return told + " were told of a deadlock, not one";
        } else if (!both) {
            return "not both ate in the end";
        } else if (!right) {
            return "the message does not name both diners and both things";
        } else if (!counted) {
            return "the orders are not as many, or do not end in a deadlock as often, as they should";
        } else if (namedMillis > SOON_MILLIS) {
            return "the deadlock was named after " + namedMillis + " ms only; is the machine busy?";
        }
        return "each held what the other wanted; whoever came last was told who holds what, " + namedMillis
                + " ms after it asked, let go, and both ate. " + DEADLOCKS + " of " + SCHEDULES
                + " orders end so";
    }
}
