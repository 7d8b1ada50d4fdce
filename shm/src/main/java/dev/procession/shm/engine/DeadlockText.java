package dev.procession.shm.engine;

import dev.procession.shm.engine.WaitForGraph.Cycle;
import dev.procession.shm.engine.WaitForGraph.Node;
import java.util.List;

/** A deadlock in words, edge by edge. Without string concatenation: see {@link WaitForGraph}. */
final class DeadlockText {
    private static final int MOST_NAMED = 16;

    private DeadlockText() {}

    /**
     * Such as {@code buyer-3 (pid 71, thread main) waits for noodles held by buyer-1 (pid 69) at Meal.java:41, which waits
     * for chopsticks held by buyer-3 (pid 71) at Meal.java:33}. The line is where the holder stands, waiting itself. Threads
     * but the first are named unless they are their program's main thread.
     */
    static String of(Cycle cycle) {
        List<Node> waits = cycle.waits();
        Node first = waits.getFirst();
        StringBuilder text = new StringBuilder();
        append(text, first)
                .append(", thread ")
                .append(first.where().threadName(first.thread()))
                .append(')');
        for (int i = 0; i < waits.size(); i++) {
            text.append(i == 0 ? " waits for " : ", which waits for ");
            Node wait = waits.get(i);
            Awaited awaited = wait.thread().awaited();
            if (awaited.isEndOfProcess()) {
                text.append("the end of ");
            } else {
                text.append(wait.where().label(awaited)).append(" held by ");
            }
            appendHolder(text, waits.get((i + 1) % waits.size()));
        }
        return text.toString();
    }

    /** Such as {@code all threads of all processes wait: cook (pid 71, thread main) waits for SharedQueue 3f/1 at Cook.java:41; ...}. */
    static String of(SpaceWaits where, List<BlockedThread> still) {
        StringBuilder text = new StringBuilder("all threads of all processes wait");
        String separator = ": ";
        for (BlockedThread thread : still.subList(0, Math.min(still.size(), MOST_NAMED))) {
            Node wait = new Node(where, thread);
            append(text.append(separator), wait)
                    .append(", thread ")
                    .append(where.threadName(thread))
                    .append(") waits for ");
            if (thread.awaited().isEndOfProcess()) {
                text.append("the end of a process");
            } else {
                text.append(where.label(thread.awaited()));
            }
            appendFrame(text, wait);
            separator = "; ";
        }
        if (still.size() > MOST_NAMED) {
            text.append("; and ").append(still.size() - MOST_NAMED).append(" more");
        }
        return text.toString();
    }

    private static StringBuilder append(StringBuilder text, Node wait) {
        return text.append(wait.where().processName(wait.thread()))
                .append(" (pid ")
                .append(wait.where().pidOf(wait.thread()));
    }

    private static void appendHolder(StringBuilder text, Node holder) {
        append(text, holder);
        if (!holder.where().isMain(holder.thread())) {
            text.append(", thread ").append(holder.where().threadName(holder.thread()));
        }
        appendFrame(text.append(')'), holder);
    }

    private static void appendFrame(StringBuilder text, Node holder) {
        String frame = holder.where().frame(holder.thread());
        if (!frame.isEmpty()) {
            text.append(" at ").append(frame);
        }
    }
}
