package dev.procession.shm.engine;

import java.util.List;
import java.util.Set;

/**
 * Whether all threads of this JVM that may run code of the program are in some list. What belongs to the JVM itself and to
 * this library is left out. Virtual threads cannot be listed: a JVM that has run one lately is taken for one that runs.
 */
final class OwnThreads {
    private static final Set<String> OURS = Set.of("procession-keeper", "procession-parking", "DestroyJavaVM");

    /** Groups of the JVM and of this library, below the root group. */
    private static final Set<String> GROUPS = Set.of("InnocuousThreadGroup", "procession");

    /** Threads of the JVM that wake virtual threads. */
    private static final List<String> WAKERS =
            List.of("VirtualThread-", "Read-Poller", "Write-Poller", "Master-Poller");

    private OwnThreads() {}

    /** Whether each of them is one of these. */
    static boolean areAmong(Set<Long> ids) {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads);
        if (count == threads.length) {
            return false; // there may be more
        }
        for (int i = 0; i < count; i++) {
            if (!ids.contains(threads[i].threadId()) && isPrograms(threads[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrograms(Thread thread) {
        String name = thread.getName();
        ThreadGroup group = thread.getThreadGroup();
        if (group == null || OURS.contains(name)) {
            return false; // it has ended, or is ours
        }
        boolean inner = group.getParent() == null
                || (GROUPS.contains(group.getName()) && group.getParent().getParent() == null);
        return !inner || WAKERS.stream().anyMatch(name::startsWith);
    }
}
