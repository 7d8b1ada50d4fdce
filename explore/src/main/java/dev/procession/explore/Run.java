package dev.procession.explore;

import dev.procession.core.spi.Interleaving;
import dev.procession.explore.Route.State;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One schedule of a program. Its tasks run in threads of their own, but one at a time: whoever has the baton. A task that
 * announces a step asks the route whose step is next, and hands the baton over; there is no thread that only schedules.
 *
 * <pre>
 *   task ada                        task ben                     explorer
 *   step(READ tickets)              (parked)                     (waits for the end)
 *     route.pick -> ben
 *     baton = ben, unpark      ---> returns from its own step
 *     (parked)                      ... step(WRITE tickets)
 * </pre>
 *
 * <p>All fields but the baton are touched only by whoever has it; the baton's volatile write and read order them.
 */
final class Run extends Interleaving {
    /** How a run came to its end. */
    enum End {
        ALL_ENDED,
        DEADLOCK,
        TOO_LONG,
        SEEN_ALREADY
    }

    /** Ends a task in a run that goes no further. An error, since programs catch exceptions. */
    private static final class Abandoned extends Error {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super("this schedule goes no further", null, false, false);
        }
    }

    private static final class Actor {
        private final int number;
        private final Program.Task task;
        private final Thread thread;
        private @Nullable Move pending;
        private BooleanSupplier ready = () -> true;

        Actor(int number, Program.Task task, ThreadFactory threads, Consumer<Actor> life) {
            this.number = number;
            this.task = task;
            this.thread = threads.newThread(() -> life.accept(this));
            this.pending = new Move(number, Act.START, Move.NOTHING, "");
        }
    }

    private static final ScopedValue<Actor> ACTOR = ScopedValue.newInstance();

    private final Route route;
    private final ExplorationLimits limits;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Move> taken = new ArrayList<>();
    private final IdentityHashMap<Object, Integer> subjects = new IdentityHashMap<>();
    private @Nullable String failure;
    private State last = new State(List.of(), 0);
    private End end = End.ALL_ENDED;
    private CountDownLatch left = new CountDownLatch(0);

    /** Set by the holder of the baton, or, when it is overdue, by the explorer. */
    private volatile boolean abandoned;

    private volatile @Nullable Actor baton;
    private @Nullable Throwable broken;

    Run(Route route, ExplorationLimits limits) {
        this.route = route;
        this.limits = limits;
    }

    /** Runs the program once, as the route has it, and waits until all its threads have ended. */
    void execute(Supplier<Program> source) {
        control(() -> {
            Program program = source.get();
            if (program.tasks().isEmpty()) {
                throw new IllegalStateException("the program has no tasks: add some by task(name, body)");
            }
            for (Program.Task task : program.tasks()) {
                actors.add(new Actor(actors.size(), task, limits.threads(), this::live));
            }
            left = new CountDownLatch(actors.size());
            handOn();
            awaitAll();
            if (end == End.ALL_ENDED) {
                check(program);
            }
        });
    }

    private void live(Actor me) {
        try {
            control(() -> ScopedValue.where(ACTOR, me).run(() -> act(me)));
        } finally {
            left.countDown();
        }
    }

    private void act(Actor me) {
        try {
            me.task.body().run();
        } catch (Abandoned expected) {
            return;
        } catch (Throwable thrown) {
            fail(me.task.name() + " threw " + thrown);
        }
        if (!abandoned) {
            me.pending = null;
            handOn();
        }
    }

    private void fail(String why) {
        if (!abandoned && failure == null) {
            failure = why;
        }
    }

    private void check(Program program) {
        for (Program.Check check : program.checks()) {
            try {
                if (!check.holds().getAsBoolean()) {
                    fail("not so: " + check.expectation());
                }
            } catch (RuntimeException | AssertionError thrown) {
                fail("not so: " + check.expectation() + ": " + thrown);
            }
        }
    }

    @Override
    public void step(Act act, @Nullable Object subject, String label, BooleanSupplier ready) {
        if (!ACTOR.isBound()) {
            return;
        }
        Actor me = ACTOR.get();
        if (abandoned) {
            abandon(act);
            return;
        }
        int number = subject == null ? Move.ANYTHING : subjects.computeIfAbsent(subject, _ -> subjects.size() + 1);
        me.pending = new Move(me.number, act, number, label);
        me.ready = ready;
        handOn();
        awaitBaton(me);
        if (abandoned) {
            abandon(act);
        }
    }

    /** A task that is ended in the middle still runs its finally blocks, which may release what it has. */
    private static void abandon(Act act) {
        if (act != Act.UNLOCK) {
            throw new Abandoned();
        }
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** The thread that asks, as an owner of locks: a task, or this run for the thread that sets up and checks. */
    Object self() {
        return ACTOR.isBound() ? ACTOR.get() : this;
    }

    private void awaitBaton(Actor me) {
        boolean interrupted = false;
        while (baton != me && !abandoned) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the next task go, which may be the one that calls this. */
    private void handOn() {
        last = state();
        if (last.ready() == 0) {
            if (actors.stream().anyMatch(actor -> actor.pending != null)) {
                fail("deadlock: " + waits());
                stop(End.DEADLOCK);
            }
            return;
        }
        if (taken.size() == limits.maxSteps()) {
            fail("no end after " + taken.size() + " steps");
            stop(End.TOO_LONG);
            return;
        }
        int next;
        try {
            next = route.pick(last);
        } catch (RuntimeException refused) {
            broken = refused;
            stop(End.SEEN_ALREADY);
            return;
        }
        if (next == Route.NOTHING_NEW) {
            stop(End.SEEN_ALREADY);
            return;
        }
        Actor actor = actors.get(next);
        Move move = Objects.requireNonNull(actor.pending);
        taken.add(move);
        baton = actor;
        if (move.act() == Act.START) {
            actor.thread.start();
        } else {
            LockSupport.unpark(actor.thread);
        }
    }

    private State state() {
        var pending = new ArrayList<@Nullable Move>(actors.size());
        int ready = 0;
        for (Actor actor : actors) {
            pending.add(actor.pending);
            if (actor.pending != null && actor.ready.getAsBoolean()) {
                ready |= State.bit(actor.number);
            }
        }
        return new State(pending, ready);
    }

    private void stop(End why) {
        end = why;
        abandoned = true;
        for (Actor actor : actors) {
            if (actor.thread.getState() == Thread.State.NEW) {
                left.countDown();
            } else {
                LockSupport.unpark(actor.thread);
            }
        }
    }

    private String waits() {
        return actors.stream()
                .filter(actor -> actor.pending != null)
                .map(actor -> actor.task.name() + " waits for " + actor.pending.label() + holder(actor.pending))
                .collect(Collectors.joining(", "));
    }

    private String holder(Move move) {
        for (Map.Entry<Object, Integer> subject : subjects.entrySet()) {
            if (subject.getValue() == move.subject()
                    && subject.getKey() instanceof ControlledLock lock
                    && lock.owner() instanceof Actor actor) {
                return " held by " + actor.task.name();
            }
        }
        return move.act() == Act.RESUME ? " to be signalled" : "";
    }

    private void awaitAll() {
        int steps = -1;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (left.await(limits.stepTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
                        break;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                    continue;
                }
                int stepsNow = taken.size(); // racy: a stale count costs one more time-out
                if (stepsNow == steps) {
                    throw stuck();
                }
                steps = stepsNow;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (broken instanceof RuntimeException refused) {
            throw refused;
        }
    }

    private IllegalStateException stuck() {
        Actor holder = baton;
        StackTraceElement[] stack = holder == null ? new StackTraceElement[0] : holder.thread.getStackTrace();
        abandoned = true;
        for (Actor actor : actors) {
            actor.thread.interrupt();
        }
        var stuck = new IllegalStateException("a task took no step for " + limits.stepTimeout() + ": task="
                + (holder == null ? "none" : holder.task.name())
                + "; it loops, or waits for something that the explorer does not control (its stack is the cause)");
        var where = new Throwable("where it is");
        where.setStackTrace(stack);
        stuck.initCause(where);
        return stuck;
    }

    @Override
    protected Lock lock(String name) {
        return new ControlledLock(this, name);
    }

    State last() {
        return last;
    }

    End end() {
        return end;
    }

    @Nullable
    String failure() {
        return failure;
    }

    List<Move> taken() {
        return taken;
    }

    List<String> taskNames() {
        return actors.stream().map(actor -> actor.task.name()).toList();
    }
}
