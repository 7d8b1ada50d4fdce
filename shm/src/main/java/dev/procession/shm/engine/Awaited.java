package dev.procession.shm.engine;

import dev.procession.shm.os.ProcessIdentity;

/**
 * What a blocked thread waits for: a primitive, or the end of a process.
 *
 * @param index the primitive's entry, or {@link #NO_ENTRY}
 * @param generation of that entry
 * @param process the packed identity of the process, or 0
 */
record Awaited(int index, int generation, long process) {
    static final int NO_ENTRY = -1;

    static Awaited of(Entry entry) {
        return new Awaited(entry.index(), entry.generation(), 0);
    }

    static Awaited endOf(ProcessIdentity process) {
        return new Awaited(NO_ENTRY, 0, process.pack());
    }

    boolean isEndOfProcess() {
        return index == NO_ENTRY;
    }
}
