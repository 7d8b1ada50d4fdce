package dev.procession.lab.sched;

import dev.procession.lab.experiment.UsageException;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * What was written behind an option, to be read as times or numbers.
 *
 * @param option the option's name
 * @param text what was written, or its standard
 */
record OptionValue(String option, String text) {
    private static final int LONGEST_NUMBER = 40;

    /** A time above 0, in ticks. */
    long positiveTicks(TickScale scale) {
        return only(positiveTicksEach(scale), "one time above 0");
    }

    /** Times above 0 with commas between, in ticks. */
    long[] positiveTicksEach(TickScale scale) {
        long[] ticks = ticksEach(scale, "a time above 0");
        if (Arrays.stream(ticks).anyMatch(each -> each == 0)) {
            throw wrong("a time above 0");
        }
        return ticks;
    }

    /** A time of 0 or more, in ticks. */
    long ticks(TickScale scale) {
        return only(ticksEach(scale, "a time of 0 or more"), "one time of 0 or more");
    }

    /** A time of 0 or more, as it was written. */
    BigDecimal time() {
        BigDecimal time = decimal(text, "a time of 0 or more");
        if (time.signum() < 0) {
            throw wrong("a time of 0 or more");
        }
        return time;
    }

    /** A whole number. */
    long whole(long least, long most) {
        return only(wholeEach(least, most), expectedWhole(least, most));
    }

    /** Whole numbers with commas between. */
    long[] wholeEach(long least, long most) {
        long[] numbers = new long[parts().length];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = decimal(parts()[i], expectedWhole(least, most)).longValueExact();
            } catch (ArithmeticException e) {
                throw wrong(expectedWhole(least, most));
            }
            if (numbers[i] < least || numbers[i] > most) {
                throw wrong(expectedWhole(least, most));
            }
        }
        return numbers;
    }

    private long[] ticksEach(TickScale scale, String expected) {
        String[] parts = parts();
        long[] ticks = new long[parts.length];
        for (int i = 0; i < parts.length; i++) {
            BigDecimal time = decimal(parts[i], expected);
            if (time.signum() < 0) {
                throw wrong(expected);
            }
            ticks[i] = ticks(time, scale);
        }
        return ticks;
    }

    private long ticks(BigDecimal time, TickScale scale) {
        try {
            return scale.ticks(time);
        } catch (ArithmeticException e) {
            throw wrong("a time of " + e.getMessage());
        }
    }

    private String[] parts() {
        return text.split(",", -1);
    }

    private long only(long[] values, String expected) {
        if (values.length != 1) {
            throw wrong(expected);
        }
        return values[0];
    }

    private BigDecimal decimal(String part, String expected) {
        try {
            if (part.strip().length() <= LONGEST_NUMBER) {
                return new BigDecimal(part.strip());
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw wrong(expected);
    }

    private static String expectedWhole(long least, long most) {
        return "a whole number from " + least + (most == Long.MAX_VALUE ? " up" : " to " + most);
    }

    /** What to throw: one line that says what was expected. */
    UsageException wrong(String expected) {
        return new UsageException(option + " " + JobDraft.printable(text) + ": expected " + expected);
    }
}
