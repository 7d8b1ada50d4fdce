package dev.procession.lab.sched;

import dev.procession.lab.experiment.UsageException;
import dev.procession.sched.Burst;
import dev.procession.sched.Job;
import dev.procession.sched.Work;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The job whose row is being read: takes field after field, checks each, and becomes a {@link Job}, or says in one line
 * what is wrong with it. One draft serves all rows of an input, one after the other.
 */
final class JobDraft {
    /** The fields that are numbers. */
    enum Field {
        ARRIVAL("arrival", "a time of 0 or more", 0, 0),
        SERVICE("service", "a time above 0", 1, 0),
        IO_EVERY("ioEvery", "a time of 0 or more", 0, 0),
        SETUP("setup", "a time of 0 or more", 0, 0),
        PRIORITY("priority", "a whole number", Integer.MIN_VALUE, 0),
        TICKETS("tickets", "a whole number of 1 or more", 1, 1);

        private final String text;
        private final String expected;
        private final long least;
        private final long standard;

        Field(String text, String expected, long least, long standard) {
            this.text = text;
            this.expected = expected;
            this.least = least;
            this.standard = standard;
        }

        static @Nullable Field of(String name) {
            return switch (name) {
                case "arrival" -> ARRIVAL;
                case "service" -> SERVICE;
                case "ioEvery" -> IO_EVERY;
                case "setup" -> SETUP;
                case "priority" -> PRIORITY;
                case "tickets" -> TICKETS;
                default -> null;
            };
        }

        boolean isTime() {
            return this != PRIORITY && this != TICKETS;
        }

        String text() {
            return text;
        }
    }

    private static final int LONGEST_QUOTE = 40;

    private final String label;
    private final TickScale scale;
    private final BigDecimal ioTime;

    private String place = "";
    private int row;
    private int line;

    private @Nullable String name;
    private final EnumMap<Field, Long> numbers = new EnumMap<>(Field.class);
    private @Nullable List<Burst> bursts;

    /**
     * A draft for the rows of one input.
     *
     * @param label what the input is called
     * @param scale how long a tick is
     * @param ioTime how long the I/Os of {@code ioEvery} take
     */
    JobDraft(String label, TickScale scale, BigDecimal ioTime) {
        this.label = label;
        this.scale = scale;
        this.ioTime = ioTime;
    }

    /** Begins a row that has a number of its own. */
    void begin(String place, int row) {
        begin(place, row, 0);
    }

    /** Begins a row that has a number of its own and begins on that line of the input. */
    void begin(String place, int row, int line) {
        this.place = place;
        this.row = row;
        this.line = line;
        name = null;
        bursts = null;
        numbers.clear();
    }

    void name(String text) {
        if (text.isBlank() || text.codePoints().anyMatch(Character::isISOControl)) {
            throw wrong("name=\"" + printable(text) + "\"; expected a name of printable characters");
        }
        ensureFirst("name", name == null);
        name = text;
    }

    void number(Field field, BigDecimal value) {
        if (value.signum() <= 0 && field.isTime() && value.signum() < field.least) {
            throw wrong(field, value);
        }
        put(field, field.isTime() ? ticks(field.text(), value) : whole(field, value));
    }

    /** The same for a whole number, quicker. */
    void number(Field field, long value) {
        if (value < field.least || value > Integer.MAX_VALUE) {
            number(field, BigDecimal.valueOf(value));
        } else {
            put(field, field.isTime() ? scale.ticks((int) value) : value);
        }
    }

    private void put(Field field, long value) {
        ensureFirst(field.text(), numbers.put(field, value) == null);
    }

    /** Begins the list of bursts, so that an empty one is told from none. */
    void beginBursts() {
        ensureFirst("bursts", bursts == null);
        bursts = new ArrayList<>();
    }

    void burst(String kind, BigDecimal value) {
        if (bursts == null) {
            throw new IllegalStateException("no list of bursts was begun");
        }
        switch (kind) {
            case "cpu" -> {
                if (value.signum() <= 0) {
                    throw wrong("cpu=" + value + "; expected a time above 0");
                }
                bursts.add(Burst.cpu(ticks("cpu", value)));
            }
            case "io" -> {
                if (value.signum() < 0) {
                    throw wrong("io=" + value + "; expected a time of 0 or more");
                }
                bursts.add(Burst.io(ticks("io", value)));
            }
            default -> throw wrong("a burst of " + printable(kind) + "; expected {\"cpu\":TIME} or {\"io\":TIME}");
        }
    }

    Job build() {
        if (name == null) {
            throw wrong("name is missing; expected a name");
        }
        int priority = Math.toIntExact(valueOf(Field.PRIORITY));
        Work work = bursts == null ? single() : listed(bursts);
        return new Job(name, valueOf(Field.ARRIVAL), work, priority, valueOf(Field.TICKETS), valueOf(Field.SETUP));
    }

    private Work single() {
        if (isAbsent(Field.SERVICE)) {
            throw wrong("service is missing; expected a time above 0, or bursts");
        }
        long service = valueOf(Field.SERVICE);
        long ioEvery = valueOf(Field.IO_EVERY);
        try {
            return ioEvery == 0 ? new Work.Once(service) : new Work.Periodic(service, ioEvery, scale.ticks(ioTime));
        } catch (ArithmeticException e) {
            throw wrong("ioEvery=" + scale.text(ioEvery) + " makes more I/O than a clock can count; expected less");
        }
    }

    private Work listed(List<Burst> given) {
        if (!isAbsent(Field.SERVICE) || !isAbsent(Field.IO_EVERY)) {
            throw wrong("bursts beside service or ioEvery; expected one or the other");
        }
        if (given.stream().noneMatch(Burst.Cpu.class::isInstance)) {
            throw wrong("bursts without cpu; expected at least one {\"cpu\":TIME}");
        }
        try {
            return new Work.Listed(given);
        } catch (ArithmeticException e) {
            throw wrong("bursts longer than a clock can count; expected less");
        }
    }

    private boolean isAbsent(Field field) {
        return !numbers.containsKey(field);
    }

    private long valueOf(Field field) {
        return numbers.getOrDefault(field, field.standard);
    }

    private long ticks(String field, BigDecimal value) {
        try {
            return scale.ticks(value);
        } catch (ArithmeticException e) {
            throw wrong(field + "=" + value + "; expected a time of " + e.getMessage());
        }
    }

    private long whole(Field field, BigDecimal value) {
        try {
            int whole = value.intValueExact();
            if (whole >= field.least) {
                return whole;
            }
        } catch (ArithmeticException e) {
            // Said below.
        }
        throw wrong(field, value);
    }

    private void ensureFirst(String field, boolean first) {
        if (!first) {
            throw wrong(field + " stands there twice; expected it once");
        }
    }

    private UsageException wrong(Field field, BigDecimal value) {
        return wrong(field.text() + "=" + value + "; expected " + field.expected);
    }

    /** What to throw: one line that says where, what, and what was expected. */
    UsageException wrong(String what) {
        String job = name == null ? "" : " \"" + name + "\"";
        String where = line == 0 ? "" : " (line " + line + ")";
        return new UsageException(label + ": " + place + " " + row + job + where + ": " + what);
    }

    /** The text as it can stand in a line: short, and without control characters. */
    static String printable(String text) {
        String cut = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
