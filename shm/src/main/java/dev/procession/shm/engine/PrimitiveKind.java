package dev.procession.shm.engine;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * What the engine has to know about a kind of primitive, to keep it sound when a member dies or somebody closes it.
 *
 * <p>Both methods are called by a keeper thread, in a JVM that may never have used the primitive, under the space's
 * allocation lock; they must not wait for anything. Both must be idempotent, since their caller may itself die on the
 * way: a survivor then starts again. What cannot be repaired without waiting is marked here, and repaired by the next
 * operation that holds the primitive's own lock.
 */
public interface PrimitiveKind {
    /**
     * The kind's number in directory entries, the same in every build that shares the layout.
     *
     * @return 1 to 63
     */
    int number();

    /**
     * What users call it.
     *
     * @return the name of its public type
     */
    String label();

    /**
     * A member has died: frees what it held and forgets that it waited.
     *
     * @param remains the primitive, and who died
     */
    void repair(Remains remains);

    /**
     * The primitive was closed: lets everybody who waits find out. Also called again after a death, in case the closer
     * died half-way.
     *
     * @param payload the entry's payload
     */
    void close(Cells payload);

    /**
     * Which threads hold the primitive, as far as that can be read from its payload; called by any member, at any time, and
     * changes nothing.
     *
     * @param payload the entry's payload
     * @return all holders; nobody if it is free, cannot be held, or somebody holds it of whom no thread is known
     */
    default List<Holder> holders(Cells payload) {
        return List.of();
    }

    /**
     * Whether time alone will change the primitive, such as by the end of a lease; so who waits for it is not stuck. Called as
     * {@link #holders} is.
     *
     * @param payload the entry's payload
     * @return true if it may
     */
    default boolean changesWithTime(Cells payload) {
        return false;
    }

    /**
     * A primitive a member left behind.
     *
     * @param space where it is
     * @param index its entry
     * @param payload the entry's payload
     * @param dead the dead member's stamp
     * @param orderly whether its JVM ended in order, running its shutdown hooks, rather than being killed
     */
    record Remains(AttachedSpace space, int index, Cells payload, int dead, boolean orderly) {
        /** Has the first thread in line at the primitive look whether it is its turn. */
        public void nudgeFirst() {
            space.waiters().nudgeFirst(index, space.generationOf(index));
        }

        /** Has every thread in line at the primitive look. */
        public void nudgeAll() {
            space.waiters().nudgeAll(index, space.generationOf(index));
        }

        /**
         * Whether a thread of the dead member was in line at the primitive. Its places are given back after this repair.
         *
         * @return true if so
         */
        public boolean wasInLine() {
            return space.waiters().isInLine(index, space.generationOf(index), dead);
        }

        /**
         * The dead member's place in the member table.
         *
         * @return the slot
         */
        public int slot() {
            return Stamp.slotOf(dead);
        }

        /**
         * Maps the primitive's heap range for as long as the repair takes.
         *
         * @param arena its life
         * @return the range
         */
        public Cells heap(Arena arena) {
            return space.mapHeapOf(index, arena, payload.owner());
        }
    }
}
