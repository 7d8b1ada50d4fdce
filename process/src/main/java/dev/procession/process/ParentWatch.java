package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.util.concurrent.LinkedTransferQueue;

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
    private final LinkedTransferQueue<Frame> heard = new LinkedTransferQueue<>();

    private ParentWatch(ControlChannel parent) {
        this.parent = parent;
    }

    /**
     * Arms the watch: afterwards this process leads its own group and ends with its parent. All native code is linked
     * here, not at the moment when the heap may be full.
     *
     * @return what the parent says, since the watch is the one that reads
     */
    static ClassQuestions.Answers over(ControlChannel parent) {
        Signals.leadOwnGroup();
        var watch = new ParentWatch(parent);
        Thread.ofPlatform()
                .group(WorkWatch.OURS)
                .name("procession-parent-watch")
                .daemon()
                .start(watch);
        return watch::next;
    }

    /** There is no end of the line to tell of: it ends this process. */
    private Frame next() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return heard.take();
                } catch (InterruptedException _) {
                    interrupted = true; // an answer that is left lying would be taken for the next question's
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void run() {
        try {
            Frame frame;
            while ((frame = parent.receive(Integer.MAX_VALUE)) != null) {
                heard.put(frame);
            }
        } catch (IOException | OutOfMemoryError _) {
            // A broken line to the parent is its end as well.
        } finally {
            Signals.killOwnGroup();
        }
    }
}
