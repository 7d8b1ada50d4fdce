package dev.procession.bench;

/**
 * How much work a measurement does.
 *
 * @param rounds how often each contender runs, alternating with the others
 * @param seconds about how long one round of one contender should take
 */
public record Effort(int rounds, double seconds) {
    /** Five rounds of about a second: figures one may quote. */
    static final Effort FULL = new Effort(5, 1.0);

    /** Three short rounds: does every row still run, and is a figure far off? */
    static final Effort QUICK = new Effort(3, 0.1);

    /** A count of operations that a contender doing {@code perSecond} of them gets done in one round. */
    public int count(int perSecond) {
        return Math.max(100, (int) (perSecond * seconds));
    }
}
