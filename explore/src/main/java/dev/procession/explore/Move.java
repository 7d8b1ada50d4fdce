package dev.procession.explore;

import dev.procession.core.spi.Interleaving.Act;

/**
 * A step that a task is about to take.
 *
 * @param task the number of the task
 * @param act what it does
 * @param subject the number of what it does it to, in the order in which subjects were first met: the same schedule meets
 *     them in the same order
 * @param label what the subject is called
 */
record Move(int task, Act act, int subject, String label) {
    /** Touches nothing that another task could see. */
    static final int NOTHING = -1;

    /** May touch all there is. */
    static final int ANYTHING = 0;

    /** Whether the two, taken by different tasks, could give another result the other way round. */
    boolean dependsOn(Move other) {
        if (subject == NOTHING || other.subject == NOTHING) {
            return false;
        }
        if (subject == ANYTHING || other.subject == ANYTHING) {
            return true;
        }
        return subject == other.subject && !(act == Act.READ && other.act == Act.READ);
    }

    /** False if no state lets both be taken: while one task may release a lock, no other may acquire or release it. */
    boolean mayMeet(Move other) {
        if (subject != other.subject) {
            return true;
        }
        boolean oneReleases = releases() || other.releases();
        return !(oneReleases && usesAsLock() && other.usesAsLock());
    }

    private boolean usesAsLock() {
        return act == Act.LOCK || releases();
    }

    private boolean releases() {
        return act == Act.UNLOCK || act == Act.AWAIT;
    }
}
