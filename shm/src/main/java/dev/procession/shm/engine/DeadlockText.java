package dev.procession.shm.engine;

import dev.procession.shm.engine.WaitForGraph.Cycle;
import java.util.List;

/** A deadlock in words, edge by edge. */
final class DeadlockText {
    private final Members members;
    private final BlockedThreads blocked;
    private final Labels labels;

    DeadlockText(Members members, BlockedThreads blocked, Labels labels) {
        this.members = members;
        this.blocked = blocked;
        this.labels = labels;
    }

    /**
     * Such as {@code buyer-3 (pid 71, thread main) waits for noodles held by buyer-1 (pid 69) at Meal.java:41, which waits
     * for chopsticks held by buyer-3 (pid 71) at Meal.java:33}. The line is where the holder stands, waiting itself. Threads
     * but the first are named unless they are their program's main thread.
     */
    String of(Cycle cycle) {
        List<BlockedThread> threads = cycle.threads();
        BlockedThread first = threads.getFirst();
        StringBuilder text = new StringBuilder(party(first, ", thread " + blocked.threadName(first)));
        for (int i = 0; i < threads.size(); i++) {
            BlockedThread holder = threads.get((i + 1) % threads.size());
            String thread = blocked.threadName(holder);
            text.append(i == 0 ? " waits for " : ", which waits for ")
                    .append(labels.of(threads.get(i).target()))
                    .append(" held by ")
                    .append(party(holder, thread.equals("main") ? "" : ", thread " + thread));
            String frame = blocked.frame(holder);
            if (!frame.isEmpty()) {
                text.append(" at ").append(frame);
            }
        }
        return text.toString();
    }

    private String party(BlockedThread thread, String rest) {
        return members.processName(thread.member()) + " (pid " + members.pidOf(thread.member()) + rest + ")";
    }
}
