package dev.procession.lab.ticket;

import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Turnstile;
import dev.procession.shm.SharedLock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run: buyers start, gather before the turnstile, rush, and are counted.
 *
 * @param buyers how many
 * @param checkDelay how long each looks at the count it read
 * @param buyDelay how long each pays
 */
record Rush(int buyers, Duration checkDelay, Duration buyDelay) {
    private static final Duration START_UP = Duration.ofSeconds(60);
    private static final Duration START_UP_EACH = Duration.ofSeconds(2);
    private static final int MOST_LANES = 20;

    static Rush of(Knobs knobs) {
        return new Rush(
                knobs.get(TicketKnobs.BUYERS), knobs.get(TicketKnobs.CHECK_DELAY), knobs.get(TicketKnobs.BUY_DELAY));
    }

    /** The same rush, but nobody takes any time between looking and buying. */
    Rush bare() {
        return new Rush(buyers, Duration.ZERO, Duration.ZERO);
    }

    /**
     * What came of it.
     *
     * @param before tickets in the file before
     * @param after tickets in the file after
     * @param actors the buyers
     * @param doomed the one that was killed, if one was
     * @param openedNanos when the turnstile opened
     */
    record Result(int before, int after, List<Actor> actors, Optional<Actor> doomed, long openedNanos) {
        /** How many tickets the buyers say they got. Counted from what they tell, not from the file. */
        int sold() {
            return (int) actors.stream().filter(actor -> actor.has(Doing.SOLD)).count();
        }

        /** Whether as many were sold as could be, and the file says so. */
        boolean isRight() {
            return sold() == Math.min(before, actors.size()) && after == before - sold();
        }

        /** How long the rush took: from the turnstile's opening until the last buyer was through. */
        Duration took() {
            long last = actors.stream()
                    .flatMap(actor -> actor.entries(Doing.LEAVES).stream())
                    .mapToLong(Entry::nanos)
                    .max()
                    .orElse(openedNanos);
            return Duration.ofNanos(last - openedNanos);
        }

        List<Long> pids() {
            return actors.stream().map(Actor::pid).toList();
        }

        /** The lanes of the first buyers, from when the turnstile opened, or from when the doomed one held the lock. */
        Lanes lanes() {
            List<Lanes.Lane> lanes = new ArrayList<>();
            doomed.ifPresent(actor -> lanes.add(lane(actor, "killed")));
            actors.stream().limit(MOST_LANES).forEach(actor -> lanes.add(lane(actor, ending(actor))));
            return Lanes.of(lanes);
        }

        /** What the caption says when not all lanes are drawn. */
        String lanesLeftOut() {
            return actors.size() > MOST_LANES ? ", the first " + MOST_LANES + " of " + actors.size() + " buyers" : "";
        }

        private Lanes.Lane lane(Actor actor, String ending) {
            return actor.lane(Doing.class, actor.name() + " pid " + actor.pid(), ending, openedNanos);
        }

        private static String ending(Actor actor) {
            return actor.entries(Doing.SOLD).stream()
                    .map(entry -> "bought 1 of " + entry.text())
                    .findFirst()
                    .orElse("none left");
        }
    }

    /** Everybody buys without a lock. */
    Result unlocked(TicketFile file) throws InterruptedException {
        return run(file, null, false);
    }

    /** Everybody buys under one lock. */
    Result locked(TicketFile file) throws InterruptedException {
        try (SharedLock lock = SharedLock.create()) {
            return run(file, lock, false);
        }
    }

    /** Everybody buys under one lock, and one more buyer is killed by SIGKILL while it holds it and all others wait. */
    Result lockedWithDeath(TicketFile file) throws InterruptedException {
        try (SharedLock lock = SharedLock.create()) {
            return run(file, lock, true);
        }
    }

    private Result run(TicketFile file, @Nullable SharedLock lock, boolean withDeath) throws InterruptedException {
        int before = count(file);
        try (Turnstile turnstile = Turnstile.closed();
                Cast cast = Cast.within(patience())) {
            Optional<Actor> doomed = Optional.empty();
            if (lock != null && withDeath) {
                Actor holder = cast.start("doomed", new Buyer.Doomed(file, lock));
                cast.await("the doomed buyer to hold the lock", () -> holder.isIn(Doing.HOLDS));
                doomed = Optional.of(holder);
            }
            List<Actor> actors = new ArrayList<>();
            for (int i = 0; i < buyers; i++) {
                actors.add(cast.start("buyer-" + i, new Buyer(file, turnstile, lock, checkDelay, buyDelay)));
            }
            cast.await("all buyers to be ready", () -> actors.stream().allMatch(actor -> actor.has(Doing.READY)));
            long openedNanos = System.nanoTime();
            turnstile.open();
            if (doomed.isPresent()) {
                cast.await(
                        "all buyers to wait for the lock",
                        () -> actors.stream().allMatch(actor -> actor.has(Doing.WAITS) || actor.has(Doing.REFUSED)));
                doomed.get().kill();
            }
            cast.awaitEnds();
            sweep(file, cast.actors());
            return new Result(before, count(file), actors, doomed, openedNanos);
        }
    }

    private Duration patience() {
        return START_UP.plus(START_UP_EACH.plus(checkDelay).plus(buyDelay).multipliedBy(buyers));
    }

    private static int count(TicketFile file) {
        try {
            return file.read().count();
        } catch (IOException | Tickets.MalformedException e) {
            throw new BrokenRunException(file + ": the buyers left a file that cannot be read: " + e.getMessage(), e);
        }
    }

    private static void sweep(TicketFile file, List<Actor> dead) {
        try {
            file.sweepAfter(dead.stream().map(Actor::pid).toList());
        } catch (IOException e) {
            throw new BrokenRunException(file + ": what a killed buyer left beside it cannot be removed: " + e, e);
        }
    }
}
