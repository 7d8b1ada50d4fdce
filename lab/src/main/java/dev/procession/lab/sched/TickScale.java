package dev.procession.lab.sched;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How the times people write become the whole ticks of the simulator: a tick is the smallest decimal place that any of
 * them uses. So 2.5 is exact, and so are all sums.
 *
 * @param decimals how many decimal places a tick stands for
 */
record TickScale(int decimals) {
    static final int MOST_DECIMALS = 9;
    private static final long MOST_TICKS = 1_000_000_000_000_000L;
    private static final int MOST_DIGITS = 40;
    private static final long[] POWERS_OF_TEN = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    /** A time needs a finer scale than the one it was read with: read all of it again with that. */
    static final class TooCoarseException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int decimals;

        private TooCoarseException(int decimals) {
            super("decimals=" + decimals, null, false, false);
            this.decimals = decimals;
        }

        TickScale finer() {
            return new TickScale(decimals);
        }
    }

    /** The coarsest scale for whole times. */
    static TickScale ofWholeTimes() {
        return new TickScale(0);
    }

    /**
     * The time in ticks.
     *
     * @throws TooCoarseException if it falls between two ticks
     * @throws ArithmeticException if no tick is fine enough or no clock goes so far; the message says what would do
     */
    long ticks(BigDecimal time) {
        int needed = decimalsOf(time);
        if (needed > MOST_DECIMALS) {
            throw new ArithmeticException("at most " + MOST_DECIMALS + " decimals");
        }
        BigDecimal most = BigDecimal.valueOf(MOST_TICKS, decimals);
        if (time.compareTo(most) > 0) {
            throw new ArithmeticException("at most " + most.toPlainString());
        }
        if (needed > decimals) {
            throw new TooCoarseException(needed);
        }
        return time.movePointRight(decimals).longValueExact();
    }

    /** The whole time in ticks: never too much, even in the finest scale. */
    long ticks(int wholeTime) {
        return wholeTime * POWERS_OF_TEN[decimals];
    }

    /** How many decimal places a number uses: 2.50 uses one. A huge exponent is not written out to see. */
    private static int decimalsOf(BigDecimal time) {
        return time.scale() <= 0
                ? 0
                : time.scale() > MOST_DIGITS
                        ? time.scale()
                        : Math.max(0, time.stripTrailingZeros().scale());
    }

    /** The time of that many ticks, as people write it. */
    String text(long ticks) {
        return decimals == 0 ? Long.toString(ticks) : time(ticks).toPlainString();
    }

    /** The time of that many ticks. */
    BigDecimal time(long ticks) {
        BigDecimal time = BigDecimal.valueOf(ticks, decimals).stripTrailingZeros();
        return time.scale() < 0 ? time.setScale(0) : time;
    }

    /** A mean of ticks as a time. */
    double mean(double ticks) {
        return decimals == 0 ? ticks : ticks / Math.pow(10, decimals);
    }

    /** A mean of ticks as a time with two places. */
    String meanText(double ticks) {
        return twoPlaces(mean(ticks));
    }

    /** Two places, and a half goes to the even one, as OSTEP's tools print. */
    static String twoPlaces(double value) {
        return new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
