package dev.procession.lab.meal;

import dev.procession.core.FencedLock;
import dev.procession.core.Space;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Hand;
import dev.procession.shm.SharedCountDownLatch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Two diners at one table, with what each of them told. */
final class Dinner {
    static final String ADA = "ada";
    static final String BEN = "ben";
    static final String NOODLES = "noodles";
    static final String CHOPSTICKS = "chopsticks";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Dinner() {}

    /** What diners are. */
    enum Kind {
        PROCESS,
        THREAD,
        VIRTUAL
    }

    /** The things on the table: locks of a space that has a name, and so have they. */
    interface Table {
        /** Two diners who can each take two things. */
        List<Diner> seat(FencedLock noodles, FencedLock chopsticks, SharedCountDownLatch seated);
    }

    /**
     * Has dinner.
     *
     * @param kind what the diners are
     * @param folder where the table's space is
     * @param table who takes what
     * @return what they told, and the lanes of it
     */
    static Told hold(Kind kind, Path folder, Table table) throws InterruptedException {
        try (Space space = Space.open(URI.create("shm:table"), Map.of("dir", folder, "deadlocks", "throw"));
                SharedCountDownLatch seated = SharedCountDownLatch.create(2)) {
            List<Diner> diners = table.seat(space.lock(NOODLES), space.lock(CHOPSTICKS), seated);
            return kind == Kind.PROCESS ? byProcesses(diners) : byThreads(kind, diners);
        }
    }

    private static Told byProcesses(List<Diner> diners) throws InterruptedException {
        try (Cast cast = Cast.within(PATIENCE)) {
            Actor ada = cast.start(ADA, diners.getFirst());
            Actor ben = cast.start(BEN, diners.getLast());
            cast.awaitEnds();
            Map<String, List<Entry>> entries = new LinkedHashMap<>();
            List<Lanes.Lane> lanes = new ArrayList<>();
            for (Actor diner : List.of(ada, ben)) {
                entries.put(diner.name(), diner.entries());
                long since = diner.entries().getFirst().nanos();
                lanes.add(diner.life().lane(Doing.class, Label.of(diner.name() + " pid " + diner.pid()), "", since));
            }
            return new Told(entries, List.of(ada.pid(), ben.pid()), Lanes.of(lanes));
        }
    }

    private static Told byThreads(Kind kind, List<Diner> diners) throws InterruptedException {
        try (Crew crew = Crew.within(PATIENCE)) {
            Map<String, List<Entry>> entries = new LinkedHashMap<>();
            List<Lanes.Lane> lanes = new ArrayList<>();
            seat(crew, kind, ADA, diners.getFirst());
            seat(crew, kind, BEN, diners.getLast());
            crew.awaitEnds();
            for (Hand diner : crew.hands()) {
                entries.put(diner.name(), diner.entries());
                lanes.add(diner.lane(Doing.class, Label.of(diner.name()), ""));
            }
            return new Told(entries, List.of(), Lanes.of(lanes));
        }
    }

    private static void seat(Crew crew, Kind kind, String name, Diner diner) {
        Thread.Builder builder = kind == Kind.VIRTUAL
                ? Thread.ofVirtual().name(name)
                : Thread.ofPlatform().name(name).daemon();
        Hand _ = crew.start(builder, hand -> diner.dine(Teller.of(hand)));
    }

    /**
     * What diners told.
     *
     * @param entries each diner's, by name
     * @param pids their processes, if they have some of their own
     * @param lanes both lanes
     */
    record Told(Map<String, List<Entry>> entries, List<Long> pids, Lanes lanes) {
        /** All that was told of one look, by whomever. */
        List<Entry> of(Doing doing) {
            return stream(doing).toList();
        }

        private Stream<Entry> stream(Doing doing) {
            return entries.values().stream().flatMap(List::stream).filter(entry -> entry.is(doing));
        }

        /** How many meals one diner had. */
        long meals(String diner) {
            return entries.getOrDefault(diner, List.of()).stream()
                    .filter(entry -> entry.is(Doing.EATS))
                    .count();
        }

        /** When the last of them began to wait for a second thing. */
        long closedNanos() {
            return stream(Doing.WAITS).mapToLong(Entry::nanos).max().orElse(0);
        }
    }
}
