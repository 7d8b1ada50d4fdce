package dev.procession.shm.engine;

/**
 * How long to look before sleeping, learned from what became of it.
 *
 * <p>A cell that another CPU is about to change is worth a short look: a sleep and a wake-up across CPUs costs hundreds
 * of times as much. Where looking has not paid lately it is cut down to almost nothing, as when more threads want to run
 * than there are CPUs; and with one CPU there is none at all, since whoever would change the cell cannot run meanwhile.
 *
 * <p>Racy on purpose: threads of this JVM share the counter without synchronization, and a lost update means a slightly
 * other budget. Source: the adaptive spinning of HotSpot's ObjectMonitor and glibc's adaptive mutex.
 */
public final class Spin {
    private static final int MOST = Runtime.getRuntime().availableProcessors() > 1 ? 1000 : 0;
    private static final int LEAST = Math.min(MOST, 10);

    private int budget = MOST / 4;

    /** How many times to look this time. */
    public int budget() {
        return budget;
    }

    /** Takes note of whether looking was enough. */
    public void learn(boolean enough) {
        int next = enough ? budget + 50 : budget - budget / 4;
        budget = Math.clamp(next, LEAST, MOST);
    }
}
