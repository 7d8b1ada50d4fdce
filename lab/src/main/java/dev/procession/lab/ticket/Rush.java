package dev.procession.lab.ticket;

import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Part;
import dev.procession.shm.SharedBarrier;
import dev.procession.shm.SharedLock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Buyers in child JVMs that rush for tickets, round after round. For one thread; {@link #close} leaves no child.
 *
 * <p>The same JVMs take part in all rounds: starting them takes far longer than a rush.
 */
final class Rush implements AutoCloseable {
    private static final Duration START_UP = Duration.ofSeconds(60);
    private static final Duration START_UP_EACH = Duration.ofSeconds(2);
    private static final Duration ROUND_EACH = Duration.ofMillis(500);

    private final List<Round> rounds;
    private final SharedBarrier startingLine;
    private final Cast cast;
    private final List<Actor> buyers = new ArrayList<>();
    private int next;

    /** Starts so many buyers, which will take part in these rounds. */
    Rush(int count, List<Round> rounds) {
        this.rounds = List.copyOf(rounds);
        this.cast = Cast.within(patience(count, rounds));
        this.startingLine = SharedBarrier.create(count + 1);
        for (int i = 0; i < count; i++) {
            buyers.add(cast.start("buyer-" + i, new Buyer(this.rounds, startingLine)));
        }
    }

    /** More than all of it can take, by far: it bounds what would otherwise be a hang. */
    private static Duration patience(int count, List<Round> rounds) {
        Duration patience = START_UP.plus(START_UP_EACH.multipliedBy(count));
        for (Round round : rounds) {
            Duration one = ROUND_EACH.plus(round.checkDelay()).plus(round.buyDelay());
            patience = patience.plus(one.multipliedBy(count));
        }
        return patience;
    }

    /** The buyers' process ids. */
    List<Long> pids() {
        return buyers.stream().map(Actor::pid).toList();
    }

    /** Lets the next round happen. */
    Result rush() throws InterruptedException {
        Round round = rounds.get(next);
        int before = count(round.file());
        long openedNanos = open();
        return result(before, Optional.empty(), openedNanos);
    }

    /** Lets the next round happen, with one more buyer who is killed by SIGKILL while it holds the lock and all others wait. */
    Result rushWithDeath(SharedLock lock) throws InterruptedException {
        Round round = rounds.get(next);
        int before = count(round.file());
        Actor doomed = cast.start("doomed", new Buyer.Doomed(round.file(), lock));
        cast.await("the doomed buyer to hold the lock", () -> doomed.isIn(Doing.HOLDS));
        long openedNanos = open();
        cast.await(
                "all buyers to wait for the lock",
                () -> parts().stream().allMatch(part -> part.has(Doing.WAITS) || part.has(Doing.THROUGH)));
        doomed.kill();
        cast.awaitEnds(List.of(doomed));
        return result(before, Optional.of(doomed), openedNanos);
    }

    private long open() throws InterruptedException {
        cast.await("all buyers to be ready", () -> parts().stream().allMatch(part -> part.has(Doing.READY)));
        long openedNanos = System.nanoTime();
        cast.pass(startingLine);
        return openedNanos;
    }

    private Result result(int before, Optional<Actor> doomed, long openedNanos) throws InterruptedException {
        cast.await("all buyers to be through", () -> parts().stream().allMatch(part -> part.has(Doing.THROUGH)));
        Result result = new Result(before, count(rounds.get(next).file()), parts(), doomed, openedNanos);
        next++;
        if (next == rounds.size()) {
            cast.awaitEnds();
        }
        return result;
    }

    /** What each buyer told in the round that is on. */
    private List<Part> parts() {
        return buyers.stream().map(buyer -> buyer.part(Doing.READY, next)).toList();
    }

    private static int count(TicketFile file) {
        try {
            return file.read().count();
        } catch (IOException | Tickets.MalformedException e) {
            throw new BrokenRunException(file + ": the buyers left a file that cannot be read: " + e.getMessage(), e);
        }
    }

    /** Ends who is still there, and removes what they left beside the files. */
    @Override
    public void close() {
        cast.close();
        startingLine.close();
        List<Long> pids = cast.actors().stream().map(Actor::pid).toList();
        for (Round round : rounds) {
            round.file().sweepAfter(pids);
        }
    }

    /**
     * What came of one round.
     *
     * @param before tickets in the file before
     * @param after tickets in the file after
     * @param parts what the buyers told
     * @param doomed the one that was killed, if one was
     * @param openedNanos when they were let go
     */
    record Result(int before, int after, List<Part> parts, Optional<Actor> doomed, long openedNanos) {
        private static final int MOST_LANES = 20;

        int buyers() {
            return parts.size();
        }

        /** How many tickets the buyers say they got. Counted from what they tell, not from the file. */
        int sold() {
            return (int) parts.stream().filter(part -> part.has(Doing.SOLD)).count();
        }

        /** Whether as many were sold as could be, and the file says so. */
        boolean isRight() {
            return sold() == Math.min(before, buyers()) && after == before - sold();
        }

        /** How long it took until the last buyer was through. */
        Duration took() {
            long last = parts.stream()
                    .flatMap(part -> part.entries(Doing.THROUGH).stream())
                    .mapToLong(Entry::nanos)
                    .max()
                    .orElse(openedNanos);
            return Duration.ofNanos(last - openedNanos);
        }

        /** The lanes of the first buyers, from when they were let go; the doomed one's on top. */
        Lanes lanes() {
            List<Lanes.Lane> lanes = new ArrayList<>();
            doomed.ifPresent(actor -> lanes.add(lane(actor.life(), "killed")));
            parts.stream().limit(MOST_LANES).forEach(part -> lanes.add(lane(part, ending(part))));
            return Lanes.of(lanes);
        }

        /** What the caption says when not all lanes are drawn. */
        String lanesLeftOut() {
            return buyers() > MOST_LANES ? " (the first " + MOST_LANES + " of " + buyers() + " buyers)" : "";
        }

        private Lanes.Lane lane(Part part, String ending) {
            Actor actor = part.actor();
            return part.lane(Doing.class, Label.of(actor.name() + " pid " + actor.pid()), ending, openedNanos);
        }

        private static String ending(Part part) {
            return part.entries(Doing.SOLD).stream()
                    .map(entry -> "bought 1 of " + entry.text())
                    .findFirst()
                    .orElse("none left");
        }
    }
}
