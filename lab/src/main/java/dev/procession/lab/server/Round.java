package dev.procession.lab.server;

import dev.procession.lab.experiment.Figures;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Crew;
import dev.procession.net.StreamServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Clients that came at once to a server of one kind, and what came of them.
 *
 * @param kind in which way they were served
 * @param visits in the order in which they were served
 */
record Round(Kind kind, List<Visit> visits) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST_COUNTS_PRINTED = 12;

    /** Where clients need not wait for each other, none ends before all are served; else each is alone. */
    private enum Manner {
        TOGETHER,
        ONE_BY_ONE
    }

    /** Serves them. */
    static Round of(Kind kind, int clients, int lines, Duration pause, Thread.Builder threads)
            throws InterruptedException {
        Manner manner = kind == Kind.SERIAL ? Manner.ONE_BY_ONE : Manner.TOGETHER;
        UpperCase.forget();
        try (StreamServer server = kind.start(clients);
                Crew crew = Crew.within(PATIENCE.plus(pause.multipliedBy((long) lines * clients)))) {
            Client.Company all = () -> crew.await(
                    "all to be served at once",
                    () -> crew.hands().stream()
                                    .filter(hand -> hand.has(Doing.GREETED))
                                    .count()
                            == clients);
            List<Visit> visits = new ArrayList<>();
            for (int i = 1; i <= clients; i++) {
                var client = new Client(
                        i, server.port(), lines, pause, manner == Manner.TOGETHER ? all : Client.Company.none());
                visits.add(new Visit(client, crew.start(threads.name("client-" + i), client)));
            }
            crew.awaitEnds();
            visits.sort(Comparator.comparingLong(Visit::greetedNanos));
            return new Round(kind, visits);
        }
    }

    String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    boolean isRight() {
        return visits.stream().allMatch(Visit::isAnsweredRight);
    }

    /** Whether each was greeted after all before it had heard their last. */
    boolean isOneByOne() {
        for (int i = 1; i < visits.size(); i++) {
            if (visits.get(i).greetedNanos() - visits.get(i - 1).lastAnswerNanos() < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether all were greeted before one had heard its last. */
    boolean isAllAtOnce() {
        long lastGreeting = visits.getLast().greetedNanos();
        return visits.stream().allMatch(visit -> visit.lastAnswerNanos() - lastGreeting > 0);
    }

    List<Long> waitedMillis() {
        return visits.stream().map(visit -> visit.waited().toMillis()).toList();
    }

    long longestMillis() {
        return waitedMillis().stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    List<Long> pids() {
        return visits.stream().map(visit -> visit.served().pid()).distinct().toList();
    }

    long threads() {
        return visits.stream()
                .map(visit -> visit.served().pid() + " " + visit.served().thread())
                .distinct()
                .count();
    }

    /** How many each of those who served had served by then, in ascending order. */
    List<Integer> counts() {
        return visits.stream().map(visit -> visit.served().counted()).sorted().toList();
    }

    Figures figures() {
        Figures figures = Figures.none()
                .with("clients", visits.size(), "clients, all at once")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .with("pids", pids(), "process ids that clients were told")
                .with("threads", threads(), "threads that they were told, in all processes")
                .with("longestWaitMillis", longestMillis(), "ms the last one waited to be served");
        return visits.size() > MOST_COUNTS_PRINTED
                ? figures.withUnprinted("counts", counts())
                : figures.with("counts", counts(), "which client of its process each was told to be");
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", name());
        map.put("waitedMillis", waitedMillis());
        map.put("right", isRight());
        map.put("processes", pids().size());
        map.put("threads", threads());
        return map;
    }

    /** One lane for each of the first so many, beginning where the first client came. */
    List<Lanes.Lane> lanes(int most) {
        long origin = visits.stream()
                .mapToLong(visit -> visit.hand().startedNanos())
                .min()
                .orElseThrow();
        return visits.stream()
                .limit(most)
                .map(visit -> shifted(
                        visit.lane(
                                name() + " " + visit.client().number(),
                                visit.waited().toMillis() + " ms"),
                        origin))
                .toList();
    }

    private static Lanes.Lane shifted(Lanes.Lane lane, long origin) {
        return new Lanes.Lane(
                lane.label(),
                lane.spans().stream()
                        .map(span -> new Lanes.Span(span.fromNanos() - origin, span.untilNanos() - origin, span.tint()))
                        .toList(),
                lane.marks().stream()
                        .map(mark -> new Lanes.Mark(mark.nanos() - origin, mark.tint()))
                        .toList(),
                lane.ending());
    }
}
