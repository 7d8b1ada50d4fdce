package dev.procession.core;

import java.io.Serializable;

/**
 * What a child process runs: an action without result that may throw anything.
 *
 * <p>It has no JDK twin. A lambda or method reference passed where this type is expected becomes serializable; what it
 * captures must be serializable too. A class of one's own with fields and a {@code run} method works the same (Python's
 * subclass of {@code Process} that overrides {@code run}).
 */
@FunctionalInterface
public interface SerializableAction extends Serializable {
    /**
     * Does the work.
     *
     * @throws Exception whatever the work throws; in a child process the stack is printed on its standard error and the
     *     exit code is 1
     */
    void run() throws Exception;
}
