package dev.procession.green.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Which rung of the ladder this JVM stands on. Decided once, at first use: from the top, or from the rung that
 * {@code -Dprocession.engine} names, down to the first that passes its self-test.
 *
 * <p>A rung that a newer JDK has closed is passed over, and said so in one line of the log. A rung that the user named and
 * that does not hold is an error instead.
 */
public final class Engine {
    private static final Logger LOG = System.getLogger("dev.procession.green");
    private static final List<String> PASSED_OVER = new ArrayList<>();
    private static final Rung RUNG = climb(System.getProperty("procession.engine"));

    static {
        try {
            SelfTest.warmUpPollers();
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "the JDK's socket pollers could not be started beforehand", e.getCause());
        }
    }

    private Engine() {}

    /**
     * Tells the rung in use.
     *
     * @return the rung
     */
    public static Rung rung() {
        return RUNG;
    }

    /**
     * Tells the rung in use, and why it is none above.
     *
     * @return lines to read
     */
    public static List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add(RUNG.option() + ": " + RUNG.description());
        lines.addAll(PASSED_OVER);
        return lines;
    }

    private static Rung climb(@Nullable String wanted) {
        for (Rung rung : wanted == null ? Rung.values() : new Rung[] {Rung.of(wanted)}) {
            String fault = fault(rung);
            if (fault == null) {
                return rung;
            }
            PASSED_OVER.add("not " + rung.option() + ": " + fault);
        }
        throw new IllegalStateException(
                "procession.engine=" + wanted + " does not work in this JVM: " + PASSED_OVER.getFirst());
    }

    /** Says why a rung does not hold; null if it does. */
    private static @Nullable String fault(Rung rung) {
        try {
            switch (rung) {
                case FLAG -> {
                    Door.openByFlag();
                    SelfTest.internals();
                }
                case REFLECTION -> {
                    Door.openByReflectionFactory();
                    SelfTest.internals();
                }
                case SINGLE_CARRIER -> {
                    if (!"1".equals(System.getProperty("jdk.virtualThreadScheduler.parallelism"))
                            || !"1".equals(System.getProperty("jdk.virtualThreadScheduler.maxPoolSize"))) {
                        return "jdk.virtualThreadScheduler.parallelism and .maxPoolSize are not both 1";
                    }
                }
                case BATON -> {}
            }
            return null;
        } catch (InaccessibleObjectException closed) {
            return "java.base/java.lang.invoke is not opened to this library by --add-opens";
        } catch (ExecutionException | ReflectiveOperationException | RuntimeException | LinkageError changed) {
            Throwable cause = changed instanceof ExecutionException e && e.getCause() != null ? e.getCause() : changed;
            LOG.log(Level.WARNING, "this JDK does not let the engine " + rung.option() + " work", cause);
            return cause.toString();
        }
    }
}
