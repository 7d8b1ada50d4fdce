package dev.procession.green.engine;

import java.lang.StackWalker.StackFrame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the frame that holds a continuation where it is.
 *
 * <p>The JDK refuses to suspend a native frame or a class initializer, and says no more than that. A held monitor it lets
 * through, though the thread keeps it: the next greenlet of that thread either enters the monitor too or waits for ever. So
 * the monitors of the stack are looked at before. That takes microseconds where a switch takes 50 ns, so it is done at the
 * 1st, 2nd, 4th, 8th ... suspension of all coroutines whose body is of one class: code that switches inside
 * {@code synchronized} is found where it does so first.
 */
final class PinnedFrames {
    /** How often coroutines of one kind of body have been suspended. Approximate: written without synchronization. */
    static final class Census {
        private int suspensions;

        boolean isDue() {
            int count = ++suspensions;
            return (count & (count - 1)) == 0;
        }
    }

    private static final ClassValue<Census> CENSUS = new ClassValue<>() {
        @Override
        protected Census computeValue(Class<?> kind) {
            return new Census();
        }
    };

    private static final @Nullable StackWalker LIVE_WALKER;
    private static final @Nullable MethodHandle MONITORS;

    static {
        StackWalker walker = null;
        MethodHandle monitors = null;
        try {
            Lookup door = Door.trusted();
            Class<?> liveFrame = Class.forName("java.lang.LiveStackFrame", false, null);
            walker =
                    (StackWalker) door.findStatic(liveFrame, "getStackWalker", MethodType.methodType(StackWalker.class))
                            .invoke();
            monitors = door.findVirtual(liveFrame, "getMonitors", MethodType.methodType(Object[].class))
                    .asType(MethodType.methodType(Object[].class, Object.class));
        } catch (Throwable gone) {
            System.getLogger("dev.procession.green")
                    .log(System.Logger.Level.DEBUG, "monitors held across a switch cannot be found on this JDK", gone);
        }
        LIVE_WALKER = walker;
        MONITORS = monitors;
    }

    private PinnedFrames() {}

    static Census census(Class<?> kind) {
        return CENSUS.get(kind);
    }

    /** Describes the innermost frame of the running coroutine that holds a monitor; null if none does. */
    static @Nullable String monitorHeld() {
        return LIVE_WALKER == null
                ? null
                : LIVE_WALKER.walk(frames -> ofThisCoroutine(frames)
                        .filter(PinnedFrames::holdsMonitor)
                        .findFirst()
                        .map(frame -> "a monitor is held by " + frame.toStackTraceElement())
                        .orElse(null));
    }

    /** Describes the innermost native frame or class initializer of the running coroutine. */
    static String refused(IllegalStateException byTheJdk) {
        return StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES)
                .walk(frames -> ofThisCoroutine(frames)
                        .filter(frame ->
                                frame.isNativeMethod() || frame.getMethodName().equals("<clinit>"))
                        .findFirst()
                        .map(frame -> "it stands on " + frame.toStackTraceElement())
                        .orElse(byTheJdk.getMessage()));
    }

    private static Stream<StackFrame> ofThisCoroutine(Stream<StackFrame> frames) {
        String bottom = ContinuationCoroutine.class.getName();
        return frames.dropWhile(frame -> !frame.getClassName().equals(bottom))
                .dropWhile(frame -> frame.getClassName().equals(bottom))
                .takeWhile(frame -> !frame.getClassName().equals(bottom));
    }

    @SuppressWarnings("NullAway") // there is a walker, so there is this
    private static boolean holdsMonitor(StackFrame frame) {
        try {
            for (Object monitor : (Object[]) MONITORS.invokeExact((Object) frame)) {
                if (monitor != null) {
                    return true;
                }
            }
            return false;
        } catch (Throwable unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
