package dev.procession.shm.engine;

/**
 * A thread that blocks, as its record says.
 *
 * @param record in the table
 * @param member the stamp of its member
 * @param thread its id there
 * @param state how it waits: see {@link BlockedLayout}
 * @param ticket of this wait
 * @param target directory entry of what it waits for
 * @param generation of that entry
 * @param sinceNanoTime when it began to block
 */
record BlockedThread(
        int record, int member, long thread, int state, long ticket, int target, int generation, long sinceNanoTime) {

    boolean isEndless() {
        return state == BlockedLayout.ENDLESS || state == BlockedLayout.RETURNING;
    }

    /** Whether the wait can be ended by an exception. */
    boolean canGiveUp() {
        return state == BlockedLayout.ENDLESS;
    }
}
