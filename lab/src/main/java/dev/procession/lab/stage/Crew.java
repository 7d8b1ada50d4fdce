package dev.procession.lab.stage;

import dev.procession.lab.experiment.BrokenRunException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The threads of one run, which play their parts in this JVM: a {@link Cast} without processes.
 *
 * <p>Every wait ends: by what it waits for, by an exception of one of the threads (it is the cause), or because the crew's
 * patience is over. The last two break the run. {@link #close} interrupts whoever is left and waits for its end.
 */
public final class Crew implements AutoCloseable {
    private static final Duration LAST_GOODBYE = Duration.ofSeconds(10);

    private final Duration patience;
    private final long deadlineNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // Guarded by lock.
    private final List<Hand> hands = new ArrayList<>();

    private Crew(Duration patience) {
        this.patience = patience;
        this.deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    /** What a thread does; it tells what it does through its hand. */
    @FunctionalInterface
    public interface Task {
        /** Does it. What it throws breaks the run. */
        void run(Hand hand) throws Exception;
    }

    /** A crew without threads so far, whose waits all end within that time from now. */
    public static Crew within(Duration patience) {
        return new Crew(patience);
    }

    /** Starts a thread of that kind; a thread of the crew may do so too. */
    public Hand start(Thread.Builder builder, Task task) {
        Hand hand = new Hand(this, builder, task);
        tell(() -> hands.add(hand));
        hand.thread().start();
        return hand;
    }

    /** Starts a platform thread of that name. It is a daemon: a run that is broken off does not keep the JVM. */
    public Hand start(String name, Task task) {
        return start(Thread.ofPlatform().name(name).daemon(), task);
    }

    /** Those started so far, in that order. */
    public List<Hand> hands() {
        return look(() -> List.copyOf(hands));
    }

    /**
     * Waits until something is so.
     *
     * @param what it, for the message if it never is
     * @param isSo looks at the hands; called whenever one tells something or ends
     * @throws BrokenRunException if a thread fails first, or the patience is over
     */
    public void await(String what, BooleanSupplier isSo) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isSo.getAsBoolean()) {
                ensureNoneFailed();
                long nanos = deadlineNanos - System.nanoTime();
                if (nanos <= 0) {
                    throw new BrokenRunException(
                            "waited " + patience.toMillis() + " ms in vain for " + what + ": " + stillAlive(), null);
                }
                boolean _ = news.await(nanos, TimeUnit.NANOSECONDS);
            }
            ensureNoneFailed();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until these have ended, as they should. */
    public void awaitEnds(List<Hand> some) throws InterruptedException {
        await("the end of " + some.size() + " threads", () -> some.stream().allMatch(Hand::isDone));
    }

    /** Waits until all have ended, as they should, and those they started. */
    public void awaitEnds() throws InterruptedException {
        await("the end of all threads", () -> hands.stream().allMatch(Hand::isDone));
    }

    private String stillAlive() {
        return hands.stream().filter(hand -> !hand.isDone()).map(Hand::name).collect(Collectors.joining(", "));
    }

    private void ensureNoneFailed() {
        for (Hand hand : hands) {
            Optional<Throwable> failure = hand.failure();
            if (failure.isPresent()) {
                throw new BrokenRunException(hand.name() + " failed: " + failure.get(), failure.get());
            }
        }
    }

    void tell(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    <T> T look(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts those still there, and waits a while for their ends. An interrupt of the caller is kept for later. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        hands().forEach(hand -> hand.thread().interrupt());
        for (Hand hand : hands()) {
            try {
                boolean _ = hand.thread().join(LAST_GOODBYE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
