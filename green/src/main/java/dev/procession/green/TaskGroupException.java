package dev.procession.green;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of a {@link TaskGroup} failed. Holds what each of them threw, in the order of their ends; the first is also the cause.
 * Python calls it {@code ExceptionGroup}.
 */
public final class TaskGroupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Throwable> failures;

    private TaskGroupException(List<Throwable> failures, boolean enableSuppression) {
        super(null, failures.getFirst(), enableSuppression, /* writableStackTrace= */ true);
        this.failures = Collections.unmodifiableList(failures);
    }

    /** What a group throws when all its tasks have ended. */
    static TaskGroupException ofEnded(List<Throwable> failures) {
        TaskGroupException exception = new TaskGroupException(List.copyOf(failures), /* enableSuppression= */ true);
        failures.stream().skip(1).forEach(exception::addSuppressed);
        return exception;
    }

    /**
     * What the group's body gets when a task fails while it waits. Others may fail before all have ended: the list grows, and
     * the exception that {@code close()} then throws, and the {@code try} statement adds to this one, says nothing more.
     */
    static TaskGroupException ofRunning(List<Throwable> failures) {
        return new TaskGroupException(failures, /* enableSuppression= */ false);
    }

    static @Nullable TaskGroupException suppressedIn(Throwable thrown) {
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (suppressed instanceof TaskGroupException group) {
                return group;
            }
        }
        return null;
    }

    /**
     * What the tasks threw.
     *
     * @return at least one, in the order of their ends
     */
    public List<Throwable> failures() {
        return failures;
    }

    @Override
    public String getMessage() {
        return (failures.size() == 1 ? "a task failed: " : failures.size() + " tasks failed: ")
                + failures.stream().map(Throwable::toString).collect(Collectors.joining("; "));
    }
}
