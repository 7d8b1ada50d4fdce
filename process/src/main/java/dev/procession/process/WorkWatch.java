package dev.procession.process;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Notices that this JVM's own work is done while it still waits for children: no non-daemon thread is left but ours.
 * Then the daemon children are ended, as Python does before it joins the others.
 *
 * <p>It does not poll: it waits for the end of one busy thread after another. A thread that starts another before it ends
 * is seen with its successor, since the successor is there when the first one's end is.
 */
final class WorkWatch implements Runnable {
    /** All threads of this module that must not count as work. */
    static final ThreadGroup OURS = new ThreadGroup(rootGroup(), "procession");

    private final Runnable whenDone;

    private WorkWatch(Runnable whenDone) {
        this.whenDone = whenDone;
    }

    /** Calls back once, on a thread of its own, when the work is done; not at all if the JVM ends first. */
    static void start(Runnable whenDone) {
        Thread.ofPlatform().group(OURS).name("procession-work-watch").daemon().start(new WorkWatch(whenDone));
    }

    @Override
    public void run() {
        try {
            for (Optional<Thread> busy = aBusyThread(); busy.isPresent(); busy = aBusyThread()) {
                busy.get().join();
            }
            whenDone.run();
        } catch (InterruptedException _) {
            // Nobody interrupts it but a program that interrupts all: the shutdown hook does the rest.
        }
    }

    private static Optional<Thread> aBusyThread() {
        ThreadGroup root = rootGroup();
        Thread[] threads = new Thread[root.activeCount() + 64];
        int count = root.enumerate(threads);
        return Stream.of(threads).limit(count).filter(WorkWatch::isBusy).findFirst();
    }

    /** The thread named here is the JVM's own: it waits for all other non-daemon threads. */
    private static boolean isBusy(Thread thread) {
        return !thread.isDaemon()
                && thread.isAlive()
                && thread.getThreadGroup() != OURS
                && !thread.getName().equals("DestroyJavaVM");
    }

    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
