package dev.procession.explore;

import dev.procession.core.spi.Interleaving;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/**
 * A small concurrent program: its tasks, and what must hold when they have ended.
 *
 * <pre>{@code
 * Explorer.explore(() -> {
 *     var program = new Program();
 *     var tickets = program.variable("tickets", 1);
 *     for (String buyer : List.of("ada", "ben")) {
 *         program.task(buyer, () -> {
 *             int left = tickets.get();
 *             if (left > 0) {
 *                 tickets.set(left - 1);
 *                 sold.add(buyer);            // not a step: it belongs to the write before it
 *             }
 *         });
 *     }
 *     return program.check("no ticket is sold twice", () -> sold.size() <= 1);
 * });
 * }</pre>
 *
 * <p>A program is made anew for each schedule, with all that its tasks share, and runs once. It must be deterministic but for
 * the order of its steps: no clock, no random numbers, no thread of its own.
 *
 * <p>Not thread-safe: one thread describes it.
 */
public final class Program {
    /** What a task does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does it.
         *
         * @throws Exception if it fails; then the schedule is a failing one
         */
        void run() throws Exception;
    }

    record Task(String name, Body body) {}

    record Check(String expectation, BooleanSupplier holds) {}

    /** As many as fit into the bits of an {@code int}, and far more than can be explored. */
    static final int MAX_TASKS = 31;

    private final List<Task> tasks = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    /** Starts the description of a program, which has no tasks yet. */
    public Program() {}

    /**
     * Adds a task. It begins with a step of its own, so it may start at any moment.
     *
     * @param name what it is called in a schedule
     * @param body what it does; a failure, also a failed assertion, makes the schedule a failing one
     * @return this
     * @throws IllegalArgumentException if another task has that name
     * @throws IllegalStateException if there are 31 tasks already
     */
    public Program task(String name, Body body) {
        Objects.requireNonNull(body, "body");
        if (tasks.stream().anyMatch(task -> task.name.equals(name))) {
            throw new IllegalArgumentException("two tasks of one name: name=" + name);
        }
        if (tasks.size() == MAX_TASKS) {
            throw new IllegalStateException("too many tasks: max=" + MAX_TASKS + ", name=" + name);
        }
        tasks.add(new Task(Objects.requireNonNull(name, "name"), body));
        return this;
    }

    /**
     * Adds something that must hold when all tasks have ended. It may also throw, such as an assertion does.
     *
     * @param expectation what must hold, in words
     * @param holds whether it does
     * @return this
     */
    public Program check(String expectation, BooleanSupplier holds) {
        checks.add(
                new Check(Objects.requireNonNull(expectation, "expectation"), Objects.requireNonNull(holds, "holds")));
        return this;
    }

    /**
     * Makes a variable that tasks share, each of whose reads and writes is a step.
     *
     * @param name what it is called in a schedule
     * @param value its first value
     * @param <T> the type of its values
     * @return the variable
     */
    public <T> Variable<T> variable(String name, T value) {
        return new Variable<>(name, value);
    }

    /**
     * Makes a re-entrant lock with conditions, each of whose acquisitions and releases is a step. A task that waits for it
     * takes no step. Signals come in the order of the waits, and none is spurious.
     *
     * @param name what it is called in a schedule
     * @return the lock, free; outside of an exploration a plain {@link java.util.concurrent.locks.ReentrantLock}
     */
    public Lock lock(String name) {
        return Interleaving.newLock(name);
    }

    List<Task> tasks() {
        return Collections.unmodifiableList(tasks);
    }

    List<Check> checks() {
        return Collections.unmodifiableList(checks);
    }
}
