package dev.procession.bench;

/**
 * How much work a measurement does.
 *
 * @param rounds how often each contender runs, alternating with the others
 * @param warmUpSeconds how long a fresh JVM works before it is measured
 * @param seconds about how long one round of one contender is measured
 */
public record Effort(int rounds, double warmUpSeconds, double seconds) {
    /** Five rounds: figures one may quote. */
    static final Effort FULL = new Effort(5, 2.0, 0.6);

    /** Three short rounds: does every row still run, and is a figure far off? */
    static final Effort QUICK = new Effort(3, 0.2, 0.1);

    Effort withRounds(int count) {
        return new Effort(count, warmUpSeconds, seconds);
    }
}
