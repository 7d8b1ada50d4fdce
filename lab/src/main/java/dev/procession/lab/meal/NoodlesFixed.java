package dev.procession.lab.meal;

import dev.procession.core.FencedLock;
import dev.procession.explore.Exploration;
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
import dev.procession.shm.SharedCountDownLatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Three cures for the deadlock of noodles and chopsticks: run for real, and in every order there is. */
public final class NoodlesFixed implements Experiment {
    private static final Knob<Cure> CURE = Knob.choice("cure", Cure.RLOCK, "what is done about it");
    private static final Knob<Kind> KIND = Knob.choice("kind", Kind.PROCESS, "what the two diners are");
    private static final Knob<Integer> MEALS = Knob.count("meals", 10, 1, 1000, "how many meals each has");
    private static final Knob<Duration> EATING = Knob.millis("eating", 5, "how long a meal takes");

    /** What is done about the deadlock. */
    private enum Cure {
        /** The course's: one re-entrant lock stands for both things. */
        RLOCK(Orders.ONE_LOCK, Manners.PATIENT),
        /** Both take the things in the same order. */
        ORDER(Orders.SAME, Manners.PATIENT),
        /** Whoever holds one thing and does not get the other soon puts it back. */
        TRY_LOCK(Orders.TRY_LOCK, Manners.YIELDING);

        private final Orders orders;
        private final Manners manners;

        Cure(Orders orders, Manners manners) {
            this.orders = orders;
            this.manners = manners;
        }

        List<Diner> seat(
                FencedLock noodles, FencedLock chopsticks, SharedCountDownLatch seated, int meals, Duration eating) {
            FencedLock second = this == RLOCK ? noodles : chopsticks;
            Diner ada = new Diner(noodles, second, seated, manners, meals, eating);
            return List.of(ada, this == ORDER ? ada : new Diner(second, noodles, seated, manners, meals, eating));
        }
    }

    @Override
    public String id() {
        return "noodles-fixed";
    }

    @Override
    public String title() {
        return "noodles, chopsticks and three cures";
    }

    @Override
    public String section() {
        return "4.13";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CURE, KIND, MEALS, EATING);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Cure cure = knobs.get(CURE);
        int meals = knobs.get(MEALS);
        Told told = Dinner.hold(
                knobs.get(KIND),
                bench.folder(),
                (noodles, chopsticks, seated) -> cure.seat(noodles, chopsticks, seated, meals, knobs.get(EATING)));
        Map<Orders, Exploration> explored = new EnumMap<>(Orders.class);
        for (Orders orders : Orders.values()) {
            explored.put(orders, orders.explore());
        }
        return outcome(cure, meals, told, explored);
    }

    private static Outcome outcome(Cure cure, int meals, Told told, Map<Orders, Exploration> explored) {
        Exploration before = Objects.requireNonNull(explored.get(Orders.OPPOSITE));
        Exploration after = Objects.requireNonNull(explored.get(cure.orders));
        List<List<String>> rows = new ArrayList<>();
        explored.forEach((orders, found) -> rows.add(orders.row(found)));
        boolean allAte = told.meals(Dinner.ADA) == meals && told.meals(Dinner.BEN) == meals;
        boolean cured = explored.entrySet().stream()
                .allMatch(each -> each.getValue().provesCorrect() == (each.getKey() != Orders.OPPOSITE));
        Figures figures = Figures.none()
                .with("ate", told.meals(Dinner.ADA) + told.meals(Dinner.BEN), "meals were eaten by the two")
                .with("gaveWay", told.of(Doing.GIVES_WAY).size(), "times somebody put a thing back")
                .with("schedulesBefore", before.schedules(), "orders of the steps before")
                .with("deadlocksBefore", before.failing(), "of them end in a deadlock")
                .with("schedules", after.schedules(), "orders of the steps with the cure")
                .with("deadlocks", after.failing(), "of them end in a deadlock")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", told.pids());
        return Outcome.of(Verdict.of(allAte && cured), reason(meals, allAte, cured, after), figures)
                .with("From when each reached for its first thing", told.lanes())
                .with(
                        "Every order of the steps of one meal",
                        new Table(List.of("how they take the things", "orders", "deadlocks"), rows));
    }

    private static String reason(int meals, boolean allAte, boolean cured, Exploration after) {
        if (!allAte) {
            return "not both had " + meals + " meals";
        } else if (!cured) {
            return "an order of the steps ends in a deadlock that should not, or none does without a cure";
        }
        return "both had " + meals + " meals, and none of all " + after.schedules()
                + " orders of the steps ends in a deadlock";
    }
}
