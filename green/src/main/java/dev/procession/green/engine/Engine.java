package dev.procession.green.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutionException;

/**
 * Which rung of the {@linkplain Ladder ladder} this JVM stands on. Decided once, at first use: from the top, or from the rung
 * that {@code -Dprocession.engine} names, down to the first that passes its self-test. A rung that the user named and that does
 * not hold is an error.
 */
public final class Engine {
    private static final Logger LOG = System.getLogger("dev.procession.green");
    private static final Rung RUNG = Ladder.climb();

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
}
