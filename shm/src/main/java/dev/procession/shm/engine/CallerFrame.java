package dev.procession.shm.engine;

/** The line of the user's program that has called into shared memory. */
final class CallerFrame {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String OURS = "dev.procession.shm.";

    private CallerFrame() {}

    /** Such as {@code Noodles.java:41}; empty if nobody called. */
    static String find() {
        return WALKER.walk(frames -> frames.dropWhile(CallerFrame::isOurs)
                .findFirst()
                .map(CallerFrame::describe)
                .orElse(""));
    }

    private static boolean isOurs(StackWalker.StackFrame frame) {
        return frame.getClassName().startsWith(OURS);
    }

    private static String describe(StackWalker.StackFrame frame) {
        String file = frame.getFileName();
        return (file == null ? frame.getClassName() : file) + ":" + frame.getLineNumber();
    }
}
