package dev.procession.process;

import java.util.Map;

/**
 * Where a task was that did not end when it was asked to: the cause of its {@link
 * dev.procession.core.TaskDeadlineException}. Never thrown. Its stack is that of the task's thread in the worker, its message
 * tells those of all threads there.
 */
public final class StuckTaskException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Takes down where all threads of this process are.
     *
     * @param working the thread that runs the task
     */
    public StuckTaskException(Thread working) {
        this(working, Thread.getAllStackTraces());
    }

    private StuckTaskException(Thread working, Map<Thread, StackTraceElement[]> stacks) {
        super(describe(working, stacks));
        setStackTrace(stacks.getOrDefault(working, new StackTraceElement[0]));
    }

    private static String describe(Thread working, Map<Thread, StackTraceElement[]> stacks) {
        var text = new StringBuilder("the task did not end when it was asked to; threads of pid ")
                .append(ProcessHandle.current().pid())
                .append(':');
        append(working, stacks.getOrDefault(working, new StackTraceElement[0]), text);
        stacks.forEach((thread, stack) -> {
            if (!thread.equals(working) && !thread.equals(Thread.currentThread()) && stack.length > 0) {
                append(thread, stack, text);
            }
        });
        return text.toString();
    }

    private static void append(Thread thread, StackTraceElement[] stack, StringBuilder text) {
        text.append("\n  \"").append(thread.getName()).append("\" ").append(thread.getState());
        for (StackTraceElement element : stack) {
            text.append("\n    at ").append(element);
        }
    }
}
