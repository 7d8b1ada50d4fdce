package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.shm.os.Signals;
import java.io.IOException;

/**
 * Ends this child with its parent, where the {@linkplain dev.procession.shm.os.Lifeline kernel} does not: by end of file on
 * the control channel, which comes when the parent is gone however it went.
 *
 * <p>It ends by a signal to a process group of its own. {@link Runtime#halt} would wait for a safepoint, and that for every
 * thread that is in a long loop; the signal also takes along what this child started by other means.
 *
 * <p>A price: a JVM that exits gives a thread that is in native code 300 ms to come back, and this one does not. So it is
 * not worth having as a second line behind the kernel.
 */
final class ParentWatch implements Runnable {
    private final ControlChannel parent;

    private ParentWatch(ControlChannel parent) {
        this.parent = parent;
    }

    /**
     * Arms the watch: afterwards this process leads its own group and ends with its parent. All native code is linked
     * here, not at the moment when the heap may be full.
     */
    static void over(ControlChannel parent) {
        Signals.leadOwnGroup();
        Thread.ofPlatform()
                .group(WorkWatch.OURS)
                .name("procession-parent-watch")
                .daemon()
                .start(new ParentWatch(parent));
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
            Signals.killOwnGroup();
        }
    }
}
