package dev.procession.shm.engine;

/**
 * Who owns something: a member, in 29 bits, so that it fits into a lock word beside the word's flags.
 *
 * <pre>
 *   28                    8 7          0
 *  +-----------------------+------------+
 *  |      generation       |    slot    |
 *  +-----------------------+------------+
 * </pre>
 *
 * <p>The slot is the member's place in the member table; the generation counts the members that had that place before,
 * so that a word a dead member left behind is never taken for its successor's. A stamp is never 0. Generations come
 * round after two million members in one slot; by then a member's burial has long wiped its stamp from every structure.
 */
public final class Stamp {
    /** How many bits a stamp has. */
    public static final int BITS = 29;

    /** The bits of a word that hold a stamp. */
    public static final int MASK = (1 << BITS) - 1;

    static final int SLOT_BITS = 8;

    /** How many slots there are: the most members a space can have at one time. */
    public static final int SLOTS = 1 << SLOT_BITS;

    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int GENERATIONS = (1 << (BITS - SLOT_BITS)) - 1;

    private Stamp() {}

    /** The stamp of a slot's member, from the count of members buried in that slot before. */
    static int of(int slot, int burials) {
        int generation = Integer.remainderUnsigned(burials, GENERATIONS) + 1;
        return (generation << SLOT_BITS) | slot;
    }

    /**
     * The member's place in the table.
     *
     * @param stamp the member's stamp
     * @return the slot, from 0
     */
    public static int slotOf(int stamp) {
        return stamp & SLOT_MASK;
    }
}
