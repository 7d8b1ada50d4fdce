package dev.procession.lab.meal;

import dev.procession.core.DeadlockException;
import dev.procession.core.FencedLock;
import dev.procession.core.SerializableAction;
import dev.procession.shm.SharedCountDownLatch;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Eats meals for which it needs two things.
 *
 * @param first what it takes first
 * @param second what it wants then; may be the same lock
 * @param seated counted down once by each diner: all begin together, or, if they are greedy, have one thing each
 * @param manners how it goes about it
 * @param meals how many
 * @param eating how long a meal takes
 */
record Diner(
        FencedLock first, FencedLock second, SharedCountDownLatch seated, Manners manners, int meals, Duration eating)
        implements SerializableAction {
    private static final int PATIENCE_MILLIS = 5;

    @Override
    public void run() throws InterruptedException {
        dine(Teller.diary());
    }

    void dine(Teller teller) throws InterruptedException {
        if (manners != Manners.GREEDY) {
            seated.countDown();
            seated.await();
        }
        for (int meal = 0; meal < meals; meal++) {
            teller.enters(Doing.REACHES);
            switch (manners) {
                case GREEDY -> eatGreedily(teller);
                case PATIENT -> eat(first, second, teller);
                case YIELDING -> {
                    while (!eatIfBothCome(teller)) {
                        teller.marks(Doing.GIVES_WAY, "");
                        Thread.sleep(ThreadLocalRandom.current().nextInt(PATIENCE_MILLIS));
                    }
                }
            }
        }
        teller.enters(Doing.DONE);
    }

    private void eatGreedily(Teller teller) throws InterruptedException {
        try {
            first.lock();
            try {
                teller.enters(Doing.HOLDS);
                seated.countDown();
                seated.await();
                teller.enters(Doing.WAITS);
                second.lock();
                try {
                    eat(teller);
                } finally {
                    second.unlock();
                }
            } finally {
                first.unlock();
            }
        } catch (DeadlockException told) {
            teller.marks(Doing.TOLD, String.valueOf(told.getMessage()));
            teller.enters(Doing.REACHES);
            eat(second, first, teller);
        }
    }

    private void eat(FencedLock one, FencedLock other, Teller teller) throws InterruptedException {
        one.lock();
        try {
            teller.enters(Doing.HOLDS);
            other.lock();
            try {
                eat(teller);
            } finally {
                other.unlock();
            }
        } finally {
            one.unlock();
        }
    }

    private boolean eatIfBothCome(Teller teller) throws InterruptedException {
        first.lock();
        try {
            teller.enters(Doing.HOLDS);
            if (!second.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
            try {
                eat(teller);
                return true;
            } finally {
                second.unlock();
            }
        } finally {
            first.unlock();
        }
    }

    private void eat(Teller teller) throws InterruptedException {
        teller.enters(Doing.EATS);
        Thread.sleep(eating);
        teller.enters(Doing.REACHES);
    }
}
