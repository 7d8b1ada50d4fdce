package dev.procession.lab.kitchen;

import dev.procession.lab.picture.Lanes.Sample;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.DepthGauge;
import dev.procession.lab.stage.Part;
import dev.procession.shm.SharedBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cooks and eaters in child JVMs that work shift after shift. For one thread; {@link #close} leaves no child.
 *
 * <p>The same JVMs work all shifts, so one whose ending fails is ended by hand: whoever hangs is first seen to hang, then
 * given what it waits for.
 */
final class Kitchen implements AutoCloseable {
    private static final Duration START_UP = Duration.ofSeconds(60);
    private static final Duration START_UP_EACH = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final int MOST_UNITS = 3;

    private final List<Shift> shifts;
    private final Duration hangAfter;
    private final Cast cast;
    private final SharedBarrier doors;
    private final List<Actor> cooks = new ArrayList<>();
    private final List<Actor> eaters = new ArrayList<>();
    private int next;
    private int marksPut;

    /**
     * Starts the staff, which will work these shifts.
     *
     * @param staff who
     * @param shifts the shifts, in order
     * @param hangAfter how long a standstill must last to count as a hang
     */
    Kitchen(Staff staff, List<Shift> shifts, Duration hangAfter) {
        this.shifts = List.copyOf(shifts);
        this.hangAfter = hangAfter;
        this.cast = Cast.within(patience(staff.size(), shifts, hangAfter));
        this.doors = SharedBarrier.create(staff.size() + 1);
        for (Staff.Chef chef : staff.cooks()) {
            cooks.add(cast.start("cook-" + chef.name(), new Cook(chef.name(), chef.food(), this.shifts, doors)));
        }
        for (int i = 0; i < staff.eaters().size(); i++) {
            eaters.add(cast.start("eater-" + i, new Eater(i, this.shifts, doors)));
        }
    }

    /** More than all of it can take, by far: it bounds what would otherwise be a hang. */
    private static Duration patience(int staff, List<Shift> shifts, Duration hangAfter) {
        Duration patience = START_UP.plus(START_UP_EACH.multipliedBy(staff));
        for (Shift shift : shifts) {
            patience = patience.plus(longestDish(shift).multipliedBy((long) shift.dishes() * staff))
                    .plus(shift.eaterPatience())
                    .plus(hangAfter.multipliedBy(2))
                    .plusSeconds(10);
        }
        return patience;
    }

    private static Duration longestDish(Shift shift) {
        return shift.cookTime().plus(shift.eatTime()).multipliedBy(MOST_UNITS);
    }

    /** The process ids of all, cooks first. */
    List<Long> pids() {
        return cast.actors().stream().map(Actor::pid).toList();
    }

    /** When the parent puts end marks on the counter. */
    enum ParentPuts {
        /** Somebody else does, or nobody. */
        NEVER,
        /** Before the cooks have begun. */
        AT_ONCE,
        /** When it has joined the cooks. */
        AFTER_JOIN
    }

    /**
     * Works the next shift to its end.
     *
     * @param puts when the parent puts end marks
     * @param marks how many
     */
    Worked work(ParentPuts puts, int marks) throws InterruptedException {
        Shift shift = shifts.get(next);
        cast.await("the staff to be ready", () -> parts(cast.actors()).allMatch(part -> part.has(Doing.READY)));
        if (puts == ParentPuts.AT_ONCE) {
            putMarks(shift, marks);
        }
        try (DepthGauge gauge = DepthGauge.watch(shift.counter())) {
            long openedNanos = System.nanoTime();
            cast.pass(doors);
            if (awaitOrHang(shift, cooks) && puts == ParentPuts.AFTER_JOIN) {
                putMarks(shift, marks);
            }
            boolean hung = !awaitOrHang(shift, eaters) || !areThrough(cooks);
            List<Sample> depths = gauge.stop();
            List<Part> cookParts = parts(cooks).toList();
            List<Part> eaterParts = parts(eaters).toList();
            List<Plate> left = endByHand(shift);
            next++;
            marksPut = 0;
            if (next == shifts.size()) {
                cast.awaitEnds();
            }
            return new Worked(shift, cookParts, eaterParts, hung, left, depths, openedNanos);
        }
    }

    private void putMarks(Shift shift, int marks) throws InterruptedException {
        for (int i = 0; i < marks; i++) {
            shift.counter().put(new Plate.Closed());
            marksPut++;
        }
    }

    private Stream<Part> parts(List<Actor> some) {
        return some.stream().map(actor -> actor.part(Doing.READY, next));
    }

    private boolean areThrough(List<Actor> some) {
        return parts(some).allMatch(part -> part.has(Doing.THROUGH));
    }

    /**
     * Waits until these are through; false if before that nobody can move any more.
     *
     * <p>A slow machine must not look like a hang. So time alone decides nothing: for as long as a hang is to last, all
     * plates must be accounted for, and whoever is not through must be blocked for good.
     */
    private boolean awaitOrHang(Shift shift, List<Actor> some) throws InterruptedException {
        long movedNanos = System.nanoTime();
        while (!cast.awaitFor(LOOK_EVERY, () -> areThrough(some))) {
            cast.ensurePatience("the end of a shift");
            if (!isAtAStandstill(shift)) {
                movedNanos = System.nanoTime();
            } else if (System.nanoTime() - movedNanos > hangAfter.toNanos()) {
                return false;
            }
        }
        return true;
    }

    private boolean isAtAStandstill(Shift shift) {
        int standing = shift.counter().size();
        long put = marksPut + told(cooks, Doing.PUT) + told(cooks, Doing.PUT_MARK);
        long taken = told(eaters, Doing.EATS) + told(eaters, Doing.CLOSED);
        return put == taken + standing
                && areBlocked(cooks, Doing.PUTS, standing == shift.capacity())
                && areBlocked(
                        eaters,
                        Doing.WAITS,
                        standing == 0 && shift.eaterPatience().isZero());
    }

    private long told(List<Actor> some, Doing look) {
        return parts(some).mapToLong(part -> part.entries(look).size()).sum();
    }

    private boolean areBlocked(List<Actor> some, Doing waiting, boolean isForGood) {
        return some.stream()
                .filter(actor -> !actor.part(Doing.READY, next).has(Doing.THROUGH))
                .allMatch(actor -> isForGood && actor.isIn(waiting));
    }

    /** Gives those who hang what they wait for, and returns what was left on the counter. */
    private List<Plate> endByHand(Shift shift) throws InterruptedException {
        List<Plate> left = new ArrayList<>();
        do {
            shift.counter().drainTo(left);
        } while (!cast.awaitFor(LOOK_EVERY, () -> areThrough(cooks)));
        shift.counter().drainTo(left);
        putMarks(shift, (int)
                parts(eaters).filter(part -> !part.has(Doing.THROUGH)).count());
        cast.await("the eaters to be through", () -> areThrough(eaters));
        return left;
    }

    @Override
    public void close() {
        cast.close();
        doors.close();
    }
}
