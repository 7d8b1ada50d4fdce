package dev.procession.process;

import java.util.List;
import java.util.Optional;

/**
 * The process this code runs in, its parent, and its children.
 *
 * <p>No method blocks; all may be called from any thread. Source: Python's {@code multiprocessing.current_process},
 * {@code parent_process}, {@code active_children} and {@code cpu_count}.
 */
public final class Processes {
    private Processes() {}

    /**
     * The process this code runs in.
     *
     * @return its name and pid; {@code MainProcess} unless a {@link ChildProcess} of that name runs this code
     */
    public static ProcessInfo current() {
        return Lineage.current().self();
    }

    /**
     * The process that started this one.
     *
     * @return its name and pid; empty in the main process
     */
    public static Optional<ProcessInfo> parent() {
        return Lineage.current().parent();
    }

    /**
     * The children of this process that run.
     *
     * @return the children that were started and have not ended, in order of their start; a snapshot
     */
    public static List<ChildProcess> activeChildren() {
        return Children.ours().active();
    }

    /**
     * The number of processors this JVM may use.
     *
     * @return at least 1; affinity and container limits count
     */
    public static int cpuCount() {
        return Runtime.getRuntime().availableProcessors();
    }
}
