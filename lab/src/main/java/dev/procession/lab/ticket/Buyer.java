package dev.procession.lab.ticket;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Turnstile;
import dev.procession.shm.SharedLock;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one buyer does, in a JVM of its own: look, and if there are tickets, buy one.
 *
 * <p>Between its reading of the count and its writing of one fewer others may have done the same: that is the race. A
 * lock around both makes them one step.
 *
 * @param file the tickets
 * @param turnstile closed until all buyers stand before it
 * @param lock what to buy under, or null to buy without
 * @param checkDelay how long it looks at the count it read
 * @param buyDelay how long it pays before it writes
 */
record Buyer(TicketFile file, Turnstile turnstile, @Nullable SharedLock lock, Duration checkDelay, Duration buyDelay)
        implements SerializableAction {
    @Override
    public void run() throws IOException, InterruptedException, Tickets.MalformedException {
        Diary.enters(Doing.READY);
        turnstile.pass(() -> Diary.enters(Doing.LOOKS));
        if (file.read().count() == 0) {
            Diary.marks(Doing.REFUSED, "");
        } else if (lock == null) {
            buy();
        } else {
            buyUnder(lock);
        }
        Diary.enters(Doing.LEAVES);
    }

    private void buyUnder(SharedLock lock) throws IOException, InterruptedException, Tickets.MalformedException {
        Diary.enters(Doing.WAITS);
        lock.lock();
        try {
            if (lock.ownerDied()) {
                // What the lock guards is the file, and that is whole whenever a writer dies: it is replaced, never
                // changed.
                Diary.marks(Doing.RECOVERS, "");
                lock.markConsistent();
            }
            buy();
        } finally {
            lock.unlock();
        }
    }

    private void buy() throws IOException, InterruptedException, Tickets.MalformedException {
        Diary.enters(Doing.READS);
        Tickets tickets = file.read();
        Thread.sleep(checkDelay);
        if (tickets.count() == 0) {
            Diary.marks(Doing.REFUSED, "");
            return;
        }
        Diary.enters(Doing.BUYS);
        Thread.sleep(buyDelay);
        file.replace(tickets.withCount(tickets.count() - 1));
        Diary.marks(Doing.SOLD, tickets.count());
    }

    /** A buyer that takes the lock, reads, and then stands there: the parent kills it so. */
    record Doomed(TicketFile file, SharedLock lock) implements SerializableAction {
        private static final Duration FOR_EVER = Duration.ofHours(1);

        @Override
        public void run() throws IOException, InterruptedException, Tickets.MalformedException {
            lock.lock();
            file.read();
            Diary.enters(Doing.HOLDS);
            Thread.sleep(FOR_EVER);
        }
    }
}
