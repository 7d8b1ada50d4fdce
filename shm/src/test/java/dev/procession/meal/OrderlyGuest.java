package dev.procession.meal;

import dev.procession.shm.SharedEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;

/**
 * Takes some of the things on the table, always in their order there, and puts them back, again and again until the bell.
 *
 * @param table everything there is
 * @param bell rings when it is over
 * @param random which things
 */
public record OrderlyGuest(List<? extends Lock> table, SharedEvent bell, Random random) implements Callable<Long> {
    /** How many meals it was. */
    @Override
    @SuppressWarnings("LockNotBeforeTry") // they are released in the other order
    public Long call() {
        long meals = 0;
        while (!bell.isSet()) {
            Deque<Lock> held = new ArrayDeque<>();
            for (Lock thing : table) {
                if (random.nextInt(3) > 0) {
                    thing.lock();
                    held.push(thing);
                }
            }
            for (int bites = random.nextInt(200); bites > 0; bites--) {
                Thread.onSpinWait();
            }
            held.forEach(Lock::unlock);
            meals++;
        }
        return meals;
    }
}
