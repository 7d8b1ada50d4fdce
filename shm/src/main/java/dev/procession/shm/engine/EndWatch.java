package dev.procession.shm.engine;

import dev.procession.shm.os.ProcessIdentity;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes it seen, in all spaces of this JVM, that a thread waits for the end of a process, and looks whether that closes a
 * circle with threads that block for locks there. It is never more than reported: whoever kills the process ends the wait.
 *
 * <p>Used by one thread. A space that is left meanwhile is forgotten.
 */
public final class EndWatch implements AutoCloseable {
    private final List<DeadlockWatch> watches = new ArrayList<>();

    private EndWatch() {}

    /**
     * Watches a wait of the calling thread.
     *
     * @param process whose end it waits for
     * @return the watch, to be closed when the wait is over
     */
    public static EndWatch of(ProcessIdentity process) {
        EndWatch watch = new EndWatch();
        for (AttachedSpace space : Keeper.spaces()) {
            DeadlockWatch one = space.deadlocks().watchEndOf(process);
            if (one != null) {
                watch.watches.add(one);
            }
        }
        return watch;
    }

    /** The thread is about to block for a while. */
    public void look() {
        for (int i = watches.size() - 1; i >= 0; i--) {
            try {
                watches.get(i).look(/* endless= */ true);
            } catch (IllegalStateException left) {
                watches.remove(i);
            }
        }
    }

    /** Whether there is anything to look at. */
    public boolean isIdle() {
        return watches.isEmpty();
    }

    @Override
    public void close() {
        for (DeadlockWatch watch : watches) {
            try {
                watch.end();
            } catch (IllegalStateException left) {
                // with the space its record is gone
            }
        }
    }
}
