package dev.procession.lab.ticket;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Histogram;
import dev.procession.lab.picture.Table;
import dev.procession.lab.ticket.TicketKnobs.Supply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Buyers in processes of their own rush for tickets without a lock: more get sold than there are.
 *
 * <p>Whether a race does harm is luck. So it is shown in two rows: bare, as fast as the machine is, and widened, with the
 * buyers' delays in the gap between reading and writing.
 */
public final class TicketRace implements Experiment {
    @Override
    public String id() {
        return "ticket-race";
    }

    @Override
    public String title() {
        return "tickets without a lock: too many are sold";
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
        Duration check = knobs.get(TicketKnobs.CHECK_DELAY);
        Duration buy = knobs.get(TicketKnobs.BUY_DELAY);
        List<Round> rounds = new ArrayList<>();
        supply.files(runs).forEach(file -> rounds.add(new Round(file, null, check, buy)));
        for (int i = 0; i < runs; i++) {
            rounds.add(Round.bare(supply.copy("bare-" + (i + 1))));
        }
        List<Rush.Result> results = new ArrayList<>();
        try (Progress progress = bench.progress("rushes", rounds.size());
                Rush rush = new Rush(knobs.get(TicketKnobs.BUYERS), rounds)) {
            while (results.size() < rounds.size()) {
                results.add(rush.rush());
                progress.step();
            }
            Row widened = new Row("widened", results.subList(0, runs));
            Row bare = new Row("bare", results.subList(runs, rounds.size()));
            return outcome(supply.original().count(), check.plus(buy).toMillis() + " ms", rush.pids(), bare, widened);
        }
    }

    /** Runs of one kind. */
    private record Row(String name, List<Rush.Result> results) {
        List<Integer> sold() {
            return results.stream().map(Rush.Result::sold).toList();
        }

        long oversold(int tickets) {
            return sold().stream().filter(sold -> sold > tickets).count();
        }

        /** The run in which the most were sold. */
        Rush.Result worst() {
            return results.stream()
                    .max(Comparator.comparingInt(Rush.Result::sold))
                    .orElseThrow();
        }

        List<String> cells(int tickets) {
            return List.of(
                    name,
                    String.valueOf(results.size()),
                    String.valueOf(oversold(tickets)),
                    String.valueOf(worst().sold()),
                    String.valueOf(worst().after()));
        }

        Map<String, Object> asMap(int tickets) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("row", name);
            map.put("runs", results.size());
            map.put("oversoldRuns", oversold(tickets));
            map.put("soldPerRun", sold());
            map.put("leftPerRun", results.stream().map(Rush.Result::after).toList());
            return map;
        }
    }

    private static Outcome outcome(int tickets, String gap, List<Long> pids, Row bare, Row widened) {
        Rush.Result first = widened.results.getFirst();
        Rush.Result worst = widened.worst();
        long oversold = widened.oversold(tickets);
        Figures figures = Figures.none()
                .with("tickets", tickets, "tickets at the start")
                .with("buyers", pids.size(), "buyers, each a child JVM")
                .with("runs", widened.results.size(), "runs of each row")
                .with("sold", worst.sold(), "sold in the worst widened run, by the buyers' own reports")
                .with("left", worst.after(), "left after it, by the file")
                .with("oversoldRuns", oversold, "widened runs that sold more than there was")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", pids)
                .withUnprinted("soldPerRun", widened.sold())
                .withUnprinted("rows", List.of(bare.asMap(tickets), widened.asMap(tickets)));
        return Outcome.of(Verdict.of(oversold > 0), reason(tickets, worst, oversold, widened), figures)
                .with("The first run with the gap widened to " + gap + first.lanesLeftOut(), first.lanes())
                .with(
                        "Bare, and with " + gap + " between reading and writing",
                        new Table(
                                List.of("row", "runs", "oversold", "most sold", "left then"),
                                List.of(bare.cells(tickets), widened.cells(tickets))))
                .with("How many were sold, bare", Histogram.of("sold", bare.sold(), tickets))
                .with("How many were sold, widened", Histogram.of("sold", widened.sold(), tickets));
    }

    private static String reason(int tickets, Rush.Result worst, long oversold, Row widened) {
        if (oversold > 0) {
            return worst.sold() + " buyers got one of " + tickets + " tickets, and the file says " + worst.after()
                    + " are left; " + oversold + " of " + widened.results.size() + " runs oversold";
        } else if (worst.buyers() <= tickets) {
            return "there were tickets for all " + worst.buyers() + " buyers, though the file says " + worst.after()
                    + " are left and not " + (tickets - worst.sold()) + "; take fewer tickets or more buyers";
        }
        return "no run sold more than " + tickets
                + " tickets this time; widen the gap (--buy-delay) or take more --runs";
    }
}
