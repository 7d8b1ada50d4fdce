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
import java.util.stream.IntStream;

/** A thread for each client: all in one process, all with the same data. */
public final class TcpThread implements Experiment {
    private static final Knob<Integer> CLIENTS = Knob.count("clients", 4, 2, 50, "how many come at once");
    private static final Knob<Integer> LINES = Knob.count("lines", 3, 1, 100, "how many lines each says");
    private static final Knob<Duration> PAUSE = Knob.millis("pause", 100, "how long each thinks before a line");

    @Override
    public String id() {
        return "tcp-thread";
    }

    @Override
    public String title() {
        return "a TCP server with a thread for each client";
    }

    @Override
    public String section() {
        return "4.12";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CLIENTS, LINES, PAUSE);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Round round = Round.of(
                Kind.THREAD,
                knobs.get(CLIENTS),
                knobs.get(LINES),
                knobs.get(PAUSE),
                Thread.ofPlatform().daemon());
        String fault = faultOf(round);
        return Outcome.of(
                        Verdict.of(fault.isEmpty()),
                        fault.isEmpty() ? "each client has a thread of its own; they share one counter" : fault,
                        round.figures())
                .with("All clients", Lanes.of(round.lanes(round.visits().size())));
    }

    private static String faultOf(Round round) {
        int clients = round.visits().size();
        if (!round.isRight()) {
            return "an answer was not what was said, in upper case";
        } else if (!round.isAllAtOnce()) {
            return "a client was served only after another had its last answer";
        } else if (!round.pids().equals(List.of(ProcessHandle.current().pid()))) {
            return "not all were served by this process: " + round.pids();
        } else if (round.threads() != clients) {
            return clients + " clients were served by " + round.threads() + " threads";
        } else if (!round.counts()
                .equals(IntStream.rangeClosed(1, clients).boxed().toList())) {
            return "the threads did not count with one counter: " + round.counts();
        }
        return "";
    }
}
