package dev.procession.green.engine;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to carry coroutines on a JVM, the best first. */
public enum Rung {
    /** The inside of the JDK, opened by the user's {@code --add-opens java.base/java.lang.invoke=...}. */
    FLAG("the JDK's continuations and thread scheduler, opened by --add-opens java.base/java.lang.invoke"),

    /** The inside of the JDK, opened by {@code sun.reflect.ReflectionFactory}: no flag, no warning. */
    REFLECTION("the JDK's continuations and thread scheduler, opened by sun.reflect.ReflectionFactory"),

    /** Public API, in a JVM whose virtual threads share one carrier. */
    SINGLE_CARRIER("virtual threads on the one carrier of -Djdk.virtualThreadScheduler.parallelism=1"),

    /** Public API on any JVM: virtual threads that hand a baton on. An ordinary blocking call holds it, and the loop. */
    BATON("virtual threads that hand a baton on; an ordinary blocking call in a task stalls its loop");

    private final String description;

    Rung(String description) {
        this.description = description;
    }

    /**
     * Tells how this rung carries coroutines.
     *
     * @return one line
     */
    public String description() {
        return description;
    }

    /**
     * Tells whether this rung uses the inside of the JDK.
     *
     * @return whether it does
     */
    public boolean isInternal() {
        return this == FLAG || this == REFLECTION;
    }

    /**
     * Tells whether ordinary blocking calls of the JDK, made by tasks of one loop, overlap.
     *
     * @return false where such a call stalls the loop
     */
    public boolean overlapsBlockingCalls() {
        return this != BATON;
    }

    /**
     * The name a user writes into {@code -Dprocession.engine}.
     *
     * @return the name
     */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Rung of(String option) {
        for (Rung rung : values()) {
            if (rung.option().equals(option)) {
                return rung;
            }
        }
        throw new IllegalArgumentException("no such engine: procession.engine=" + option + ", expected one of "
                + Arrays.stream(values()).map(Rung::option).collect(Collectors.joining(", ")));
    }
}
