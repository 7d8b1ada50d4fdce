package dev.procession.shm.channel;

/**
 * How often to look for a frame before sleeping, learned from what became of it. As {@link
 * dev.procession.shm.engine.Spin}, but for a wait in which the peer does a whole piece of work, and for a guest that takes
 * the number of CPUs from its host. Racy on purpose: a lost update means a slightly other budget.
 */
final class Looking {
    private static final int MOST = 2000;
    private static final int LEAST = 20;

    private int budget = MOST / 2;

    int budget() {
        return budget;
    }

    void learn(boolean enough) {
        int next = enough ? budget + 100 : budget - budget / 8;
        budget = Math.clamp(next, LEAST, MOST);
    }
}
