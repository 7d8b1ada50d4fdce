package dev.procession.lab.server;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Hand;
import dev.procession.net.ServerStrategy;
import dev.procession.net.StreamServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A process for each client: no data between them, and the end of one is the end of one conversation. */
public final class TcpProcess implements Experiment {
    private static final Knob<Integer> CLIENTS = Knob.count("clients", 3, 2, 16, "how many come at once");
    private static final Knob<Integer> LINES = Knob.count("lines", 3, 1, 100, "how many lines each says");
    private static final Knob<Duration> PAUSE = Knob.millis("pause", 100, "how long each thinks before a line");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Override
    public String id() {
        return "tcp-process";
    }

    @Override
    public String title() {
        return "a TCP server with a process for each client";
    }

    @Override
    public String section() {
        return "3.2, 3.10";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CLIENTS, LINES, PAUSE);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int clients = knobs.get(CLIENTS);
        try (StreamServer server = Kind.start(ServerStrategy.PROCESS_PER_CONNECTION, clients + 1);
                Crew crew =
                        Crew.within(PATIENCE.plus(knobs.get(PAUSE).multipliedBy((long) knobs.get(LINES) * clients)))) {
            Hand victim = crew.start("killed", hand -> untilCutOff(server.port(), hand));
            Client.Company untilThen =
                    () -> crew.await("the one whose process is killed to be cut off", () -> victim.has(Doing.CUT_OFF));
            List<Visit> visits = new ArrayList<>();
            for (int i = 1; i <= clients; i++) {
                var client = new Client(i, server.port(), knobs.get(LINES), knobs.get(PAUSE), untilThen);
                visits.add(new Visit(client, crew.start("client-" + i, client)));
            }
            crew.await(
                    "all to be served at once", () -> crew.hands().stream().allMatch(hand -> hand.has(Doing.GREETED)));
            Served killed = Served.read(victim.entries(Doing.GREETED).getFirst().text());
            boolean _ = ProcessHandle.of(killed.pid())
                    .map(ProcessHandle::destroyForcibly)
                    .orElse(false);
            crew.awaitEnds();
            visits.sort(Comparator.comparingLong(Visit::greetedNanos));
            return outcome(new Round(Kind.PROCESS, visits), killed, victim);
        }
    }

    /** Stays silent until its connection ends. */
    private static void untilCutOff(int port, Hand hand) throws IOException {
        hand.enters(Doing.WAITS);
        try (var conversation = new Conversation(port)) {
            hand.marks(Doing.GREETED, conversation.next());
            hand.enters(Doing.TALKS);
            hand.marks(Doing.CUT_OFF, conversation.untilItEnds());
        }
    }

    private static Outcome outcome(Round round, Served killed, Hand victim) {
        String fault = faultOf(round, killed);
        Figures figures = round.figures()
                .with("killedPid", killed.pid(), "process that was killed in the middle of a conversation")
                .with("cutOff", victim.entries(Doing.CUT_OFF).getFirst().text(), "what its client saw");
        List<Lanes.Lane> lanes = new ArrayList<>();
        lanes.add(victim.lane(Doing.class, Label.of("killed"), "cut off"));
        round.visits()
                .forEach(visit -> lanes.add(visit.lane(
                        "client " + visit.client().number(),
                        "pid " + visit.served().pid())));
        return Outcome.of(
                        Verdict.of(fault.isEmpty()),
                        fault.isEmpty()
                                ? "each client has a process of its own, with fresh data; where one was killed, only its"
                                        + " client was cut off"
                                : fault,
                        figures)
                .with("One process is killed; the other clients go on", Lanes.of(lanes));
    }

    private static String faultOf(Round round, Served killed) {
        int clients = round.visits().size();
        Set<Long> pids = new HashSet<>(round.pids());
        pids.add(killed.pid());
        if (!round.isRight()) {
            return "an answer was not what was said, in upper case";
        } else if (pids.size() != clients + 1
                || pids.contains(ProcessHandle.current().pid())) {
            return clients + 1 + " clients were not served by a process each: " + pids;
        } else if (round.counts().stream().anyMatch(count -> count != 1)) {
            return "a process had served another client before: " + round.counts();
        }
        return "";
    }
}
