package dev.procession.lab.server;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Lanes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One handler, served in each way: only where clients are served one after the other does one wait for the others. */
public final class TcpServer implements Experiment {
    private static final Knob<Integer> CLIENTS = Knob.count("clients", 3, 2, 50, "how many come at once");
    private static final Knob<Integer> LINES = Knob.count("lines", 3, 1, 100, "how many lines each says");
    private static final Knob<Duration> PAUSE = Knob.millis("pause", 150, "how long each thinks before a line");
    private static final Knob<Which> KIND = Knob.choice("kind", Which.ALL, "in which way they are served");

    /** One of the kinds, or all. */
    private enum Which {
        ALL,
        SERIAL,
        PROCESS,
        POOL,
        THREAD,
        GREEN,
        LOOP;

        List<Kind> kinds() {
            return this == ALL ? List.of(Kind.values()) : List.of(Kind.valueOf(name()));
        }
    }

    @Override
    public String id() {
        return "tcp-server";
    }

    @Override
    public String title() {
        return "one server, six ways: who has to wait";
    }

    @Override
    public String section() {
        return "3.2, 3.10, 4.12, 6";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CLIENTS, LINES, PAUSE, KIND);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        List<Kind> kinds = knobs.get(KIND).kinds();
        List<Round> rounds = new ArrayList<>();
        try (Progress progress = bench.progress("serving", kinds.size())) {
            for (Kind kind : kinds) {
                rounds.add(Round.of(
                        kind,
                        knobs.get(CLIENTS),
                        knobs.get(LINES),
                        knobs.get(PAUSE),
                        Thread.ofPlatform().daemon()));
                progress.step();
            }
        }
        return outcome(rounds);
    }

    private static Outcome outcome(List<Round> rounds) {
        String fault = rounds.stream().map(TcpServer::faultOf).reduce("", TcpServer::first);
        Figures figures =
                Figures.none().with("clients", rounds.getFirst().visits().size(), "clients, all at once");
        for (Round round : rounds) {
            figures = figures.with(
                    round.name() + "LongestWaitMillis",
                    round.longestMillis(),
                    "ms the last one waited: " + round.name());
        }
        figures =
                figures.withUnprinted("kinds", rounds.stream().map(Round::asMap).toList());
        List<Lanes.Lane> lanes = rounds.stream()
                .flatMap(round -> round.lanes(round.visits().size()).stream())
                .toList();
        return Outcome.of(Verdict.of(fault.isEmpty()), fault.isEmpty() ? shown(rounds) : fault, figures)
                .with("Each way from its first client on", Lanes.of(lanes));
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    /** What is not as claimed; the empty string if all is. */
    private static String faultOf(Round round) {
        if (!round.isRight()) {
            return round.name() + ": an answer was not what was said, in upper case";
        } else if (round.kind() == Kind.SERIAL && !round.isOneByOne()) {
            return round.name() + ": a client was served before the one ahead of it had its last answer";
        } else if (round.kind() != Kind.SERIAL && !round.isAllAtOnce()) {
            return round.name() + ": a client was served only after another had its last answer";
        }
        return "";
    }

    private static String shown(List<Round> rounds) {
        if (rounds.size() > 1) {
            return "one after the other, each waits for all before it; in the other ways nobody waits for anybody";
        }
        return rounds.getFirst().kind() == Kind.SERIAL
                ? "one after the other, each waits for all before it"
                : "nobody waits for anybody";
    }
}
