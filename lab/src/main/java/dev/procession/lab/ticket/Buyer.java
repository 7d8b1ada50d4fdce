package dev.procession.lab.ticket;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import dev.procession.shm.SharedBarrier;
import dev.procession.shm.SharedLock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What one buyer does, in a JVM of its own, in each round: look, and if there are tickets, buy one.
 *
 * <p>Between its reading of the count and its writing of one fewer others may have done the same: that is the race. A
 * lock around both makes them one step.
 *
 * @param rounds the rounds, in order
 * @param startingLine where all buyers, and the parent, gather before each, so that they rush together
 */
record Buyer(List<Round> rounds, SharedBarrier startingLine) implements SerializableAction {
    @Override
    public void run() throws Exception {
        rounds.getFirst().file().read(); // A JVM's first reading of JSON takes longer than a whole rush.
        for (Round round : rounds) {
            Diary.enters(Doing.READY);
            startingLine.await();
            Diary.enters(Doing.LOOKS);
            rush(round);
            Diary.enters(Doing.THROUGH);
        }
    }

    private static void rush(Round round) throws IOException, InterruptedException, Tickets.MalformedException {
        SharedLock lock = round.lock();
        if (round.file().read().count() == 0) {
            Diary.marks(Doing.REFUSED, "");
        } else if (lock == null) {
            buy(round);
        } else {
            buyUnder(lock, round);
        }
    }

    private static void buyUnder(SharedLock lock, Round round)
            throws IOException, InterruptedException, Tickets.MalformedException {
        Diary.enters(Doing.WAITS);
        lock.lock();
        try {
            if (lock.ownerDied()) {
                // What the lock guards is the file, and that is whole whenever a writer dies: it is replaced, never
                // changed.
                Diary.marks(Doing.RECOVERS, "");
                lock.markConsistent();
            }
            buy(round);
        } finally {
            lock.unlock();
        }
    }

    private static void buy(Round round) throws IOException, InterruptedException, Tickets.MalformedException {
        Diary.enters(Doing.READS);
        Tickets tickets = round.file().read();
        Thread.sleep(round.checkDelay());
        if (tickets.count() == 0) {
            Diary.marks(Doing.REFUSED, "");
            return;
        }
        Diary.enters(Doing.BUYS);
        Thread.sleep(round.buyDelay());
        round.file().replace(tickets.withCount(tickets.count() - 1));
        Diary.marks(Doing.SOLD, tickets.count());
    }

    /** A buyer that takes the lock, reads, and then stands there: the parent kills it so. */
    record Doomed(TicketFile file, SharedLock lock) implements SerializableAction {
        private static final Duration FOR_EVER = Duration.ofHours(1);

        @Override
        @SuppressWarnings("LockNotBeforeTry") // It never gets to release it.
        public void run() throws IOException, InterruptedException, Tickets.MalformedException {
            lock.lock();
            file.read();
            Diary.enters(Doing.HOLDS);
            Thread.sleep(FOR_EVER);
        }
    }
}
