package dev.procession.integration.linearizability;

import java.io.Serializable;
import java.util.List;
import java.util.Random;

/** A shared object under test: it travels to the processes that use it. */
interface Subject extends Serializable, AutoCloseable {
    Specification<?> specification();

    /** What can be called, by ordinal. */
    Enum<?>[] calls();

    /** A random thing to do with it: a few calls, all of which are recorded. */
    void step(Recorder recorder, Random random) throws Exception;

    /** The histories of the independent parts of the object, each linearizable if the whole is (Herlihy and Wing). */
    default List<List<Operation>> parts(List<Operation> history) {
        return List.of(history);
    }

    /**
     * What a survivor does after a process was killed, where its death does something to the object: waits until that has
     * come about.
     *
     * @param survivor records its calls
     * @param process the number of the one that was killed
     * @param killedAt just before
     * @return the death, as a call on the object
     */
    default List<Operation> bury(Recorder survivor, int process, long killedAt) throws Exception {
        return List.of();
    }

    @Override
    void close();
}
