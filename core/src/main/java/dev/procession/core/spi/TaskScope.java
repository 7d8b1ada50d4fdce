package dev.procession.core.spi;

import dev.procession.core.TaskContext;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Binds the {@link TaskContext} a task finds as {@link TaskContext#current()}. */
public final class TaskScope {
    private static final ScopedValue<TaskContext> CURRENT = ScopedValue.newInstance();

    private TaskScope() {}

    /**
     * Makes a call with a context bound to this thread.
     *
     * @param context what the call finds
     * @param call the call
     * @param <T> the type of its result
     * @return its result
     * @throws Exception what it throws
     */
    public static <T> T call(TaskContext context, Callable<T> call) throws Exception {
        return ScopedValue.where(CURRENT, context).<T, Exception>call(call::call);
    }

    /**
     * What is bound to this thread.
     *
     * @return the context of the task it runs, empty if it runs none
     */
    public static Optional<TaskContext> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }
}
