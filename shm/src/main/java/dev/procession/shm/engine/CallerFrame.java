package dev.procession.shm.engine;

import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.Stream;

/** The line of the user's program that has called into shared memory. No lambda: see {@link WaitForGraph}. */
final class CallerFrame implements Function<Stream<StackWalker.StackFrame>, String> {
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String OURS = "dev.procession.shm.";
    private static final CallerFrame FINDER = new CallerFrame();

    private CallerFrame() {}

    /** Such as {@code Noodles.java:41}; empty if nobody called. */
    static String find() {
        return WALKER.walk(FINDER);
    }

    @Override
    public String apply(Stream<StackWalker.StackFrame> frames) {
        for (Iterator<StackWalker.StackFrame> all = frames.iterator(); all.hasNext(); ) {
            StackWalker.StackFrame frame = all.next();
            if (!frame.getClassName().startsWith(OURS)) {
                String file = frame.getFileName();
                return (file == null ? frame.getClassName() : file)
                        .concat(":")
                        .concat(Integer.toString(frame.getLineNumber()));
            }
        }
        return "";
    }
}
