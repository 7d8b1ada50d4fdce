package dev.procession.shm.os;

import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Binds the life of a process group to the life of this process, by the kernel alone.
 *
 * <p>It is a pipe on which nothing is ever written. The group's leader holds the reading end, this process the only
 * writing end. The reading end is set to tell its owner of any event by a signal, the owner is the group, and the signal
 * is SIGKILL. The one event that can come is that the last writing end is closed: because this process has ended,
 * however it ended. So it works for a group that is stopped, hangs in native code, or cannot reach a safepoint, and it
 * takes along all that the leader started. (The parent-death signal of {@code prctl(2)} reaches one process only, and
 * comes when the <i>thread</i> that started it ends.)
 *
 * <pre>{@code
 *   this process                     the group
 *   writing end  ----- pipe -----  reading end (descriptor of the leader)
 *        |                              |  O_ASYNC, F_SETOWN = -group, F_SETSIG = SIGKILL
 *     closed by the kernel  ------>  SIGKILL to every process of the group
 * }</pre>
 *
 * <p>{@link #cut} ends it early, with the same effect: call it only when the leader is gone.
 *
 * <p>Source: {@code fcntl(2)}, "Managing signals".
 */
public final class Lifeline {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_SETOWN = 8;
    private static final int F_SETSIG = 10;
    private static final int O_ASYNC = 0x2000;

    private final FileOutputStream writingEnd;

    private Lifeline(FileOutputStream writingEnd) {
        this.writingEnd = writingEnd;
    }

    /**
     * Asks the system, without binding anything.
     *
     * @throws IOException if it cannot send a signal of our choice, or there is no descriptor left to try with
     */
    public static void ensureSupported() throws IOException {
        try (AnonymousPipe pipe = AnonymousPipe.open()) {
            Descriptors.control(pipe.readDescriptor(), F_SETSIG, Signals.KILL);
        }
    }

    /**
     * Binds a group. From now on it is killed when this process ends.
     *
     * @param pipe an unused pipe whose reading end was given to the group's leader; the caller closes it afterwards
     * @param group the group's number
     * @return the lifeline, to be kept as long as the leader lives: a collected one is cut
     * @throws IOException if the system refuses; the group is not bound
     */
    public static Lifeline bind(AnonymousPipe pipe, long group) throws IOException {
        int end = pipe.readDescriptor();
        var lifeline = new Lifeline(pipe.writer());
        // The owner first: a signal without owner would go nowhere.
        Descriptors.control(end, F_SETOWN, Math.toIntExact(-group));
        Descriptors.control(end, F_SETSIG, Signals.KILL);
        Descriptors.control(end, F_SETFL, Descriptors.control(end, F_GETFL, 0) | O_ASYNC);
        return lifeline;
    }

    /** Closes this process's end. What is left of the group is killed. */
    public void cut() {
        try {
            writingEnd.close();
        } catch (IOException _) {
            // The descriptor is gone even then.
        }
    }
}
