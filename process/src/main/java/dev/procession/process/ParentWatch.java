package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.shm.os.Signals;
import java.io.IOException;

/**
 * Ends this child with its parent: by end of file on the control channel, which comes when the parent is gone however it
 * went.
 *
 * <p>Where the {@linkplain dev.procession.shm.os.Lifeline kernel} does so already, this is the second line of defence
 * and costs nothing to set up. Where it does not, this child makes a process group of its own and ends it by a signal:
 * {@link Runtime#halt} would wait for a safepoint, and that for every thread that is in a long loop; the signal also
 * takes along what this child started by other means.
 */
final class ParentWatch implements Runnable {
    private final ControlChannel parent;
    private final Guard guard;

    /** Who sees to it that this process ends with its parent. */
    enum Guard {
        /** The kernel, by a lifeline that the parent has bound. */
        KERNEL,
        /** This process alone. */
        OWN
    }

    private ParentWatch(ControlChannel parent, Guard guard) {
        this.parent = parent;
        this.guard = guard;
    }

    /**
     * Arms the watch. Native code is linked here if it will be needed, not at the moment when the heap may be full.
     * Afterwards this process leads its own group and ends with its parent.
     */
    static void over(ControlChannel parent, Guard guard) {
        if (guard == Guard.OWN) {
            Signals.leadOwnGroup();
        }
        Thread.ofPlatform()
                .group(WorkWatch.OURS)
                .name("procession-parent-watch")
                .daemon()
                .start(new ParentWatch(parent, guard));
    }

    @Override
    public void run() {
        try {
            Frame frame;
            do {
                frame = parent.receive(Integer.MAX_VALUE);
            } while (frame != null);
        } catch (IOException | OutOfMemoryError _) {
            // A broken line to the parent is its end as well.
        } finally {
            end();
        }
    }

    private void end() {
        switch (guard) {
            case KERNEL -> Runtime.getRuntime().halt(128 + Signals.KILL);
            case OWN -> Signals.killOwnGroup();
        }
    }
}
