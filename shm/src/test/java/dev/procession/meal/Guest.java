package dev.procession.meal;

import dev.procession.core.DeadlockException;
import dev.procession.core.SerializableCallable;
import dev.procession.shm.SharedCountDownLatch;
import java.util.concurrent.locks.Lock;

/**
 * Takes one thing, waits until all guests have taken theirs, and wants another. Outside of the package that is tested, as
 * programs are: the lines they name are those of this file.
 *
 * @param first what to take
 * @param second what to want then
 * @param taken counted down by each guest
 */
@SuppressWarnings("LockNotBeforeTry") // written as the course writes it
public record Guest(Lock first, Lock second, SharedCountDownLatch taken) implements SerializableCallable<String> {
    /** What a guest says who ate. */
    public static final String ATE = "ate";

    /** What a guest says who did not eat but let go: the message, or ATE. */
    @Override
    public String call() throws InterruptedException {
        first.lock();
        try {
            taken.countDown();
            taken.await();
            second.lock();
            second.unlock();
            return ATE;
        } catch (DeadlockException deadlock) {
            return String.valueOf(deadlock.getMessage());
        } finally {
            first.unlock();
        }
    }
}
