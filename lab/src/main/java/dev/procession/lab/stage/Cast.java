package dev.procession.lab.stage;

import dev.procession.core.SerializableAction;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.process.ChildFailedException;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import dev.procession.shm.SharedBarrier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The child JVMs of one run, and all that is waited for in it.
 *
 * <p>Every wait ends: by what it waits for, by the failure of a child that was not meant to die (its remote stack is the
 * cause), or because the cast's patience is over. The last two break the run. {@link #close} leaves no child.
 *
 * <p>What the actors tell arrives on threads of the process module; {@link #lock} guards it, {@link #news} is signalled
 * at each change. Methods that wait are for the run's own thread.
 */
public final class Cast implements AutoCloseable {
    private static final Duration LAST_GOODBYE = Duration.ofSeconds(10);

    private final Duration patience;
    private final long deadlineNanos;
    private final List<Actor> actors = new ArrayList<>();

    final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    private Cast(Duration patience) {
        this.patience = patience;
        this.deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    /** A cast without children so far, whose waits all end within that time from now. */
    public static Cast within(Duration patience) {
        return new Cast(patience);
    }

    /**
     * Starts a child.
     *
     * @param builder its choices; where its output goes is chosen here
     * @param part what it runs; it tells what it does in its {@link Diary}
     */
    public Actor start(ChildProcess.Builder builder, SerializableAction part) {
        Actor actor = new Actor(this);
        actor.child(builder.stdout(Output.lines(actor::says))
                .stderr(Output.lines(actor::complains))
                .start(part));
        actors.add(actor);
        return actor;
    }

    /** Starts a child of that name. */
    public Actor start(String name, SerializableAction part) {
        return start(ChildProcess.builder().name(name), part);
    }

    /** Those started so far, in that order. */
    public List<Actor> actors() {
        return List.copyOf(actors);
    }

    /**
     * Waits until something is so.
     *
     * @param what it, for the message if it never is
     * @param isSo looks at the actors; called whenever they tell something
     * @throws BrokenRunException if a child fails first, or the patience is over
     */
    public void await(String what, BooleanSupplier isSo) throws InterruptedException {
        while (!awaitFor(remaining(), isSo)) {
            ensurePatience(what);
        }
    }

    /**
     * Waits until something is so, but only that long.
     *
     * @return whether it is
     * @throws BrokenRunException if a child fails first
     */
    public boolean awaitFor(Duration atMost, BooleanSupplier isSo) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!isSo.getAsBoolean()) {
                ensureNoneFailed();
                if (nanos <= 0) {
                    return false;
                }
                nanos = news.awaitNanos(nanos);
            }
            ensureNoneFailed();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * For loops of short waits.
     *
     * @throws BrokenRunException if the patience is over
     */
    public void ensurePatience(String what) {
        if (remaining().isZero()) {
            throw new BrokenRunException(
                    "waited " + patience.toMillis() + " ms in vain for " + what + ": " + stillAlive(), null);
        }
    }

    /** Waits until these have ended, as they should. */
    public void awaitEnds(List<Actor> some) throws InterruptedException {
        await("the end of " + some.size() + " children", () -> some.stream().noneMatch(Actor::isAlive));
    }

    /** Waits until all have ended, as they should. */
    public void awaitEnds() throws InterruptedException {
        awaitEnds(actors());
    }

    /**
     * Goes through a barrier at which all other parties wait already, or are about to.
     *
     * @throws BrokenRunException if the barrier breaks, or the patience is over
     */
    public void pass(SharedBarrier barrier) throws InterruptedException {
        try {
            barrier.await(remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            ensureNoneFailed();
            throw new BrokenRunException("the children did not come to the starting line: " + stillAlive(), e);
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private String stillAlive() {
        return actors.stream().filter(Actor::isAlive).map(Actor::whereabouts).collect(Collectors.joining(", "));
    }

    private void ensureNoneFailed() {
        for (Actor actor : actors) {
            Optional<ChildFailedException> failure = actor.unexpectedFailure();
            if (failure.isPresent()) {
                throw new BrokenRunException(
                        actor.name() + " failed: "
                                + String.valueOf(failure.get().getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                        failure.get());
            }
        }
    }

    /** Tells whoever waits that an actor told something. */
    void tell() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Kills those still alive, and waits a while for their ends. Interrupts are kept for later. */
    @Override
    public void close() {
        List<Actor> alive = actors.stream().filter(Actor::isAlive).toList();
        alive.forEach(Actor::kill);
        boolean interrupted = Thread.interrupted();
        for (Actor actor : alive) {
            actor.child()
                    .onExit()
                    .completeOnTimeout(actor.child(), LAST_GOODBYE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
