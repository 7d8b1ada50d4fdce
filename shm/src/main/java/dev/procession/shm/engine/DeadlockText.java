package dev.procession.shm.engine;

import dev.procession.shm.engine.WaitForGraph.Cycle;
import java.util.List;

/** A deadlock in words, edge by edge. Without string concatenation: see {@link WaitForGraph}. */
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
        StringBuilder text = new StringBuilder();
        append(text, first)
                .append(", thread ")
                .append(blocked.threadName(first))
                .append(')');
        for (int i = 0; i < threads.size(); i++) {
            text.append(i == 0 ? " waits for " : ", which waits for ");
            Awaited awaited = threads.get(i).awaited();
            if (awaited.isEndOfProcess()) {
                text.append("the end of ");
            } else {
                text.append(labels.of(awaited.index())).append(" held by ");
            }
            appendHolder(text, threads.get((i + 1) % threads.size()));
        }
        return text.toString();
    }

    private StringBuilder append(StringBuilder text, BlockedThread thread) {
        return text.append(members.processName(thread.member()))
                .append(" (pid ")
                .append(members.pidOf(thread.member()));
    }

    private void appendHolder(StringBuilder text, BlockedThread holder) {
        append(text, holder);
        String thread = blocked.threadName(holder);
        if (!thread.equals("main")) {
            text.append(", thread ").append(thread);
        }
        text.append(')');
        String frame = blocked.frame(holder);
        if (!frame.isEmpty()) {
            text.append(" at ").append(frame);
        }
    }
}
