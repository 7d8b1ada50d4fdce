package dev.procession.meal;

import dev.procession.shm.SharedEvent;
import dev.procession.shm.SharedQueue;
import dev.procession.shm.SharedSemaphore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;

/**
 * Orders, takes a seat and some of the things on the table, always in their order there, and puts them back; then waits for a
 * dish, which may be another guest's. Again and again until the bell.
 *
 * @param orders what was ordered; has room for one of each guest
 * @param seats fewer than there are guests
 * @param table everything there is
 * @param bell rings when it is over
 * @param random which things
 */
public record OrderlyGuest(
        SharedQueue<Integer> orders, SharedSemaphore seats, List<? extends Lock> table, SharedEvent bell, Random random)
        implements Callable<Long> {
    /** How many meals it was. */
    @Override
    @SuppressWarnings("LockNotBeforeTry") // they are released in the other order
    public Long call() throws InterruptedException {
        long meals = 0;
        while (!bell.isSet()) {
            orders.put(1);
            seats.acquire();
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
            seats.release();
            int _ = orders.take();
            meals++;
        }
        return meals;
    }
}
