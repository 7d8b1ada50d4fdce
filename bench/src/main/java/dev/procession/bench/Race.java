package dev.procession.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/** Runs a row: every contender once a round, in turn, for as many rounds as the effort asks. */
final class Race {
    private final Row row;
    private final Effort effort;
    private final Consumer<String> progress;

    Race(Row row, Effort effort, Consumer<String> progress) {
        this.row = row;
        this.effort = effort;
        this.progress = progress;
    }

    Outcome run() throws Exception {
        var absent = new LinkedHashMap<String, String>();
        var peers = new LinkedHashMap<Contender, List<Double>>();
        var ours = new ArrayList<Double>();
        for (Contender peer : row.peers()) {
            peer.absence()
                    .ifPresentOrElse(why -> absent.put(peer.name(), why), () -> peers.put(peer, new ArrayList<>()));
        }
        for (int round = 1; round <= effort.rounds(); round++) {
            ours.add(measure(row.ours(), round));
            for (var peer : peers.entrySet()) {
                peer.getValue().add(measure(peer.getKey(), round));
            }
        }
        var figures = new LinkedHashMap<String, Samples>();
        peers.forEach((peer, samples) -> figures.put(peer.name(), new Samples(samples)));
        return new Outcome(row, new Samples(ours), figures, absent);
    }

    private double measure(Contender runner, int round) throws Exception {
        progress.accept("%s: round %d of %d, %s".formatted(row.name(), round, effort.rounds(), runner.name()));
        return runner.measure(effort);
    }
}
