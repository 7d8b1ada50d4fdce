package dev.procession.lab.ticket;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.ticket.TicketKnobs.Supply;
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
        return "a ticket rush under a lock that the buyers' processes share";
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
        Rush rush = Rush.of(knobs);
        int runs = knobs.get(TicketKnobs.RUNS);
        List<Rush.Result> results = new ArrayList<>();
        try (Progress progress = bench.progress("rushes", runs + 1)) {
            for (int i = 0; i < runs; i++) {
                results.add(rush.locked(i == 0 ? supply.first() : supply.copy("run-" + (i + 1))));
                progress.step();
            }
            Rush.Result death = rush.lockedWithDeath(supply.copy("death"));
            progress.step();
            return outcome(supply, results, death);
        }
    }

    private static Outcome outcome(Supply supply, List<Rush.Result> results, Rush.Result death) {
        int tickets = supply.original().count();
        Rush.Result first = results.getFirst();
        Rush.Result told =
                results.stream().filter(result -> !result.isRight()).findFirst().orElse(first);
        boolean allRight = results.stream().allMatch(Rush.Result::isRight);
        boolean deathRight =
                death.isRight() && death.doomed().orElseThrow().exitCode().equals(OptionalInt.of(SIGKILL_EXIT));
        long recoveries = death.actors().stream()
                .filter(actor -> actor.has(Doing.RECOVERS))
                .count();
        Figures figures = Figures.none()
                .with("tickets", tickets, "tickets at the start")
                .with("buyers", first.actors().size(), "buyers, each a child JVM")
                .with("runs", results.size(), "runs")
                .with("sold", told.sold(), "sold, by the buyers' own reports")
                .with("left", told.after(), "left, by the file")
                .with("soldPerRun", results.stream().map(Rush.Result::sold).toList(), "sold in each run")
                .with("rushMillis", first.took().toMillis(), "ms the first rush took, one buyer after the other")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .with("pids", first.pids(), "of the buyers of the first run")
                .with("soldAfterDeath", death.sold(), "sold in one more run, whose lock's owner was killed by SIGKILL")
                .with("leftAfterDeath", death.after(), "left then, by the file")
                .with("toldOfDeath", recoveries, "buyer that was told, when it got the lock, that its owner had died")
                .withUnprinted("killedPid", death.doomed().orElseThrow().pid())
                .withUnprinted(
                        "killedExitCode",
                        death.doomed().orElseThrow().exitCode().orElse(0));
        return Outcome.of(
                        Verdict.of(allRight && deathRight), reason(tickets, told, allRight, death, deathRight), figures)
                .with("The first run, from when the turnstile opened" + first.lanesLeftOut(), first.lanes())
                .with(
                        "One more run: the lock's owner is killed by SIGKILL while the others wait"
                                + death.lanesLeftOut(),
                        death.lanes());
    }

    private static String reason(
            int tickets, Rush.Result told, boolean allRight, Rush.Result death, boolean deathRight) {
        if (!allRight) {
            return "sold " + told.sold() + " of " + tickets + " tickets to "
                    + told.actors().size() + " buyers, and the file says " + told.after() + " are left";
        } else if (!deathRight) {
            return "after the lock's owner was killed " + death.sold() + " tickets were sold and the file says "
                    + death.after() + " are left";
        }
        return "in every run " + told.sold() + " of " + tickets + " tickets were sold to "
                + told.actors().size() + " buyers and the file agrees, also when the lock's owner is killed";
    }
}
