package dev.procession.lab.server;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Lanes;
import java.time.Duration;
import java.util.List;

/** A green thread for each client: as simple to write as with threads, for many more clients. */
public final class TcpGreen implements Experiment {
    private static final Knob<Integer> CLIENTS = Knob.count("clients", 200, 2, 5000, "how many come at once");
    private static final Knob<Integer> LINES = Knob.count("lines", 3, 1, 100, "how many lines each says");
    private static final Knob<Duration> PAUSE = Knob.millis("pause", 50, "how long each thinks before a line");
    private static final int MOST_LANES = 12;

    @Override
    public String id() {
        return "tcp-green";
    }

    @Override
    public String title() {
        return "a TCP server for many, on green threads";
    }

    @Override
    public String section() {
        return "6";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CLIENTS, LINES, PAUSE);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Round round = Round.of(Kind.GREEN, knobs.get(CLIENTS), knobs.get(LINES), knobs.get(PAUSE), Thread.ofVirtual());
        long green = round.visits().stream()
                .map(visit -> visit.served().thread())
                .filter(UpperCase::isGreen)
                .distinct()
                .count();
        String fault = faultOf(round, green);
        return Outcome.of(
                        Verdict.of(fault.isEmpty()),
                        fault.isEmpty()
                                ? round.visits().size() + " clients were served at once, none by a thread of the system"
                                : fault,
                        round.figures())
                .with("The first clients of all", Lanes.of(round.lanes(MOST_LANES)));
    }

    private static String faultOf(Round round, long green) {
        if (!round.isRight()) {
            return "an answer was not what was said, in upper case";
        } else if (!round.isAllAtOnce()) {
            return "a client was served only after another had its last answer";
        } else if (green != round.visits().size()) {
            return round.visits().size() + " clients were served by " + green + " green threads";
        }
        return "";
    }
}
