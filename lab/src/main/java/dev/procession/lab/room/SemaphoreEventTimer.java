package dev.procession.lab.room;

import dev.procession.core.SerializableAction;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import dev.procession.shm.SharedEvent;
import dev.procession.shm.SharedSemaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A room for a few people, which a timer opens: an event lets all go who wait for it, a semaphore only so many in at once,
 * and a timer that was cancelled does nothing.
 */
public final class SemaphoreEventTimer implements Experiment {
    private static final Knob<Integer> PEOPLE = Knob.count("people", 7, 1, 100, "how many come, each a child JVM");
    private static final Knob<Integer> ROOM = Knob.count("room", 3, 1, 100, "how many may be inside at once");
    private static final Knob<Duration> STAY = Knob.millis("stay", 200, "how long each stays inside");
    private static final Knob<Duration> OPENS = Knob.millis("opens", 400, "after what time the timer opens the room");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration START_UP_EACH = Duration.ofSeconds(2);

    @Override
    public String id() {
        return "semaphore-event-timer";
    }

    @Override
    public String title() {
        return "a timer opens a room for a few";
    }

    @Override
    public String section() {
        return "3.11, 4.13";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(PEOPLE, ROOM, STAY, OPENS);
    }

    /** Waits for the event, then for the semaphore, and stays a while. */
    private record Visitor(SharedEvent opening, SharedSemaphore room, Duration stay) implements SerializableAction {
        @Override
        public void run() throws Exception {
            Diary.enters(Doing.READY);
            opening.await();
            Diary.enters(Doing.QUEUES);
            room.acquire();
            try {
                Diary.enters(Doing.INSIDE);
                Thread.sleep(stay);
                Diary.enters(Doing.LEFT);
            } finally {
                room.release();
            }
        }
    }

    /**
     * What the timers did.
     *
     * @param setNanos when the one was set
     * @param firedNanos when it fired, just before it set the event
     * @param due after what time it should
     * @param cancelledFired whether the other fired, which had been cancelled
     */
    private record Timers(long setNanos, long firedNanos, Duration due, boolean cancelledFired) {
        Duration after() {
            return Duration.ofNanos(firedNanos - setNanos);
        }

        boolean areRight() {
            return after().compareTo(due) >= 0 && !cancelledFired;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int people = knobs.get(PEOPLE);
        Duration stay = knobs.get(STAY);
        Duration patience =
                PATIENCE.plus(knobs.get(OPENS)).plus(stay.plus(START_UP_EACH).multipliedBy(people));
        try (SharedEvent opening = SharedEvent.create();
                SharedSemaphore room = SharedSemaphore.create(knobs.get(ROOM));
                Cast cast = Cast.within(patience)) {
            for (int i = 1; i <= people; i++) {
                cast.start("visitor-" + i, new Visitor(opening, room, stay));
            }
            cast.await("all to be at the door", () -> cast.actors().stream().allMatch(each -> each.has(Doing.READY)));
            long doorNanos = System.nanoTime();
            Timers timers = timers(opening, knobs.get(OPENS));
            cast.awaitEnds();
            return outcome(cast.actors(), knobs.get(ROOM), doorNanos, timers);
        }
    }

    /** Sets two timers to the same time, cancels one at once, and waits until the other has opened the room. */
    private static Timers timers(SharedEvent opening, Duration opens) throws InterruptedException {
        AtomicBoolean cancelledFired = new AtomicBoolean();
        List<Long> fired = new ArrayList<>();
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> cancelled =
                    timer.schedule(() -> cancelledFired.set(true), opens.toNanos(), TimeUnit.NANOSECONDS);
            cancelled.cancel(/* mayInterruptIfRunning= */ false);
            long setNanos = System.nanoTime();
            ScheduledFuture<?> opener = timer.schedule(
                    () -> {
                        fired.add(System.nanoTime());
                        opening.set();
                    },
                    opens.toNanos(),
                    TimeUnit.NANOSECONDS);
            opener.get(opens.plus(PATIENCE).toNanos(), TimeUnit.NANOSECONDS);
            return new Timers(setNanos, fired.getFirst(), opens, cancelledFired.get());
        } catch (ExecutionException | TimeoutException e) {
            throw new BrokenRunException("the timer did not open the room: " + e, e);
        }
    }

    private static Outcome outcome(List<Actor> people, int room, long doorNanos, Timers timers) {
        Visit visit = new Visit(people.stream().map(SemaphoreEventTimer::stay).toList(), timers.firedNanos);
        int most = Math.min(room, people.size());
        boolean held = visit.mostInside() == most;
        Figures figures = Figures.none()
                .with("people", people.size(), "people, each a child JVM")
                .with("room", room, "permits of the semaphore")
                .with("mostInside", visit.mostInside(), "most that were inside at once, by their own clocks")
                .with("openedAfterMillis", timers.after().toMillis(), "ms after which the timer opened the room")
                .with("passedEarly", visit.early(), "passed before the event was set")
                .with("cancelledTimerFired", timers.cancelledFired, "whether the timer fired that was cancelled")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", people.stream().map(Actor::pid).toList());
        Lanes lanes = Lanes.of(people.stream()
                        .map(person -> person.life()
                                .lane(Doing.class, Label.of(person.name() + " pid " + person.pid()), "", doorNanos))
                        .toList())
                .with(new Lanes.Level("inside", room, visit.inside()));
        return Outcome.of(
                        Verdict.of(held && visit.early() == 0 && timers.areRight()),
                        reason(visit, room, most, timers),
                        figures)
                .with("From when all were at the door", lanes);
    }

    private static Visit.Stay stay(Actor person) {
        return new Visit.Stay(
                person.entries(Doing.QUEUES).getFirst().nanos(),
                person.entries(Doing.INSIDE).getFirst().nanos(),
                person.entries(Doing.LEFT).getFirst().nanos());
    }

    private static String reason(Visit visit, int room, int most, Timers timers) {
        if (visit.early() > 0) {
            return visit.early() + " passed before the event was set";
        } else if (visit.mostInside() > room) {
            return visit.mostInside() + " were inside at once, where " + room + " may be";
        } else if (visit.mostInside() < most) {
            return "never more than " + visit.mostInside() + " were inside at once, though " + most
                    + " could have been; let them --stay longer";
        } else if (!timers.areRight()) {
            return timers.cancelledFired
                    ? "a timer fired that had been cancelled"
                    : "the timer fired after " + timers.after().toMillis() + " ms, before it was due";
        }
        return "nobody passed before the timer set the event, and then " + most + " at once were inside and never more"
                + (visit.stays().size() > room ? " than the " + room + " it has room for" : "");
    }
}
