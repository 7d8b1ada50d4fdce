package dev.procession.green.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The rungs as this JVM has tried them: each once, when it was asked for. What a newer JDK has closed is said so in one line of
 * the log.
 */
public final class Ladder {
    private static final Logger LOG = System.getLogger("dev.procession.green");

    /** Guarded by itself. */
    private static final Map<Rung, Optional<String>> FAULTS = new EnumMap<>(Rung.class);

    private Ladder() {}

    /**
     * A rung, tried.
     *
     * @param rung which
     * @param fault why it does not hold; null if it does
     */
    public record Step(Rung rung, @Nullable String fault) {}

    /**
     * Tries all rungs.
     *
     * @return all, the best first
     */
    public static List<Step> steps() {
        return Arrays.stream(Rung.values())
                .map(rung -> new Step(rung, fault(rung).orElse(null)))
                .toList();
    }

    /**
     * The rung that holds: the one that {@code -Dprocession.engine} names, or the best.
     *
     * @return it; empty if one is named, and does not hold
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Optional<Rung> inUse() {
        String wanted = System.getProperty("procession.engine");
        return (wanted == null ? Arrays.stream(Rung.values()) : Arrays.stream(new Rung[] {Rung.of(wanted)}))
                .filter(rung -> fault(rung).isEmpty())
                .findFirst();
    }

    /** The rung that holds. One that the user named and that does not is an error. */
    static Rung climb() {
        return inUse().orElseThrow(() -> {
            String wanted = System.getProperty("procession.engine");
            return new IllegalStateException("procession.engine=" + wanted + " does not work in this JVM: "
                    + fault(Rung.of(wanted)).orElseThrow());
        });
    }

    private static Optional<String> fault(Rung rung) {
        synchronized (FAULTS) {
            return FAULTS.computeIfAbsent(rung, untried -> Optional.ofNullable(tryOut(untried)));
        }
    }

    private static @Nullable String tryOut(Rung rung) {
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
