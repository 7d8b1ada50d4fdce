package dev.procession.lab.ticket;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.ticket.TicketKnobs.Supply;
import dev.procession.shm.SharedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Buyers in processes of their own rush for tickets under a lock they share: exactly what there is gets sold. */
public final class TicketLock implements Experiment {
    private static final int SIGKILL_EXIT = -9;

    @Override
    public String id() {
        return "ticket-lock";
    }

    @Override
    public String title() {
        return "tickets under a lock that processes share";
    }

    @Override
    public String section() {
        return "3.11";
    }

    @Override
    public List<Knob<?>> knobs() {
        return TicketKnobs.ALL;
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Supply supply = TicketKnobs.supply(knobs, bench.folder());
        int runs = knobs.get(TicketKnobs.RUNS);
        try (SharedLock lock = SharedLock.create()) {
            List<Round> rounds = new ArrayList<>();
            for (TicketFile file : supply.files(runs)) {
                rounds.add(round(file, lock, knobs));
            }
            rounds.add(round(supply.copy("death"), lock, knobs));
            return run(new Plan(supply.original().count(), lock, rounds), knobs.get(TicketKnobs.BUYERS), bench);
        }
    }

    private static Round round(TicketFile file, SharedLock lock, Knobs knobs) {
        return new Round(file, lock, knobs.get(TicketKnobs.CHECK_DELAY), knobs.get(TicketKnobs.BUY_DELAY));
    }

    /** All rounds; in the last of them the lock's owner is killed. */
    private record Plan(int tickets, SharedLock lock, List<Round> rounds) {}

    private static Outcome run(Plan plan, int buyers, Bench bench) throws InterruptedException {
        try (Progress progress = bench.progress("rushes", plan.rounds.size());
                Rush rush = new Rush(buyers, plan.rounds)) {
            List<Rush.Result> results = new ArrayList<>();
            while (results.size() < plan.rounds.size() - 1) {
                results.add(rush.rush());
                progress.step();
            }
            Rush.Result death = rush.rushWithDeath(plan.lock);
            progress.step();
            return outcome(plan.tickets, rush.pids(), results, death);
        }
    }

    private static Outcome outcome(int tickets, List<Long> pids, List<Rush.Result> results, Rush.Result death) {
        Rush.Result first = results.getFirst();
        Rush.Result told =
                results.stream().filter(result -> !result.isRight()).findFirst().orElse(first);
        Actor doomed = death.doomed().orElseThrow();
        boolean allRight = results.stream().allMatch(Rush.Result::isRight);
        boolean deathRight = death.isRight() && doomed.exitCode().equals(OptionalInt.of(SIGKILL_EXIT));
        long recoveries =
                death.parts().stream().filter(part -> part.has(Doing.RECOVERS)).count();
        Figures figures = Figures.none()
                .with("tickets", tickets, "tickets at the start")
                .with("buyers", pids.size(), "buyers, each a child JVM")
                .with("runs", results.size(), "runs")
                .with("sold", told.sold(), "sold, by the buyers' own reports")
                .with("left", told.after(), "left, by the file")
                .with("rushMillis", first.took().toMillis(), "ms the first rush took, one buyer after the other")
                .with("soldAfterDeath", death.sold(), "sold in one more run, whose lock's owner was killed by SIGKILL")
                .with("leftAfterDeath", death.after(), "left then, by the file")
                .with("toldOfDeath", recoveries, "buyer that learned, when it got the lock, that its owner had died")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", pids)
                .withUnprinted(
                        "soldPerRun", results.stream().map(Rush.Result::sold).toList())
                .withUnprinted("killedPid", doomed.pid())
                .withUnprinted("killedExitCode", doomed.exitCode().orElse(0));
        return Outcome.of(
                        Verdict.of(allRight && deathRight), reason(tickets, told, allRight, death, deathRight), figures)
                .with("The first run, from when all were let go" + first.lanesLeftOut(), first.lanes())
                .with(
                        "One more run: the lock's owner is killed by SIGKILL while the others wait"
                                + death.lanesLeftOut(),
                        death.lanes());
    }

    private static String reason(
            int tickets, Rush.Result told, boolean allRight, Rush.Result death, boolean deathRight) {
        if (!allRight) {
            return "sold " + told.sold() + " of " + tickets + " tickets to " + told.buyers()
                    + " buyers, and the file says " + told.after() + " are left";
        } else if (!deathRight) {
            return "after the lock's owner was killed " + death.sold() + " tickets were sold and the file says "
                    + death.after() + " are left";
        }
        return "in every run " + told.sold() + " of " + tickets + " tickets were sold to " + told.buyers()
                + " buyers and the file agrees, also when the lock's owner is killed";
    }
}
