package dev.procession.shm;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Polls with a deadline: tests do not sleep to be right. */
public final class Eventually {
    private Eventually() {}

    public static void eventually(String what, BooleanSupplier holds) {
        within(Duration.ofSeconds(20), what, holds);
    }

    public static void within(Duration limit, String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }
}
