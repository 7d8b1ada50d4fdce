package dev.procession.shm.engine;

/**
 * A thread that blocks, as its record says.
 *
 * @param record in the table
 * @param member the stamp of its member
 * @param thread its id there
 * @param state how it waits: see {@link BlockedLayout}
 * @param ticket of this wait
 * @param awaited what it waits for
 * @param sinceNanoTime when it began to block
 */
record BlockedThread(int record, int member, long thread, int state, long ticket, Awaited awaited, long sinceNanoTime) {

    boolean isEndless() {
        return state != BlockedLayout.TIMED;
    }

    boolean isForAnybody() {
        return state == BlockedLayout.FOR_ANYBODY;
    }

    /** Whether the wait can be ended by an exception. */
    boolean canGiveUp() {
        return state == BlockedLayout.ENDLESS;
    }
}
