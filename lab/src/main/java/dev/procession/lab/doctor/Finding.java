package dev.procession.lab.doctor;

/**
 * One thing that is not as it should be.
 *
 * @param kind what it is
 * @param space in which space, or which pool
 * @param message the whole sentence
 */
public record Finding(Kind kind, String space, String message) {
    /** What can be wrong. */
    public enum Kind {
        /** Threads wait for each other in a circle. */
        DEADLOCK("deadlock", Severity.DEADLOCK),
        /** Somebody has waited for a lock for long. */
        HELD_TOO_LONG("held too long", Severity.WARNING),
        /** Somebody died holding a lock, and nobody has said since that what it guards is whole. */
        IN_DOUBT("in doubt", Severity.WARNING),
        /** Nothing more can be put into a queue, or that of a pool. */
        FULL_QUEUE("full queue", Severity.WARNING),
        /** A dead process still stands in the table of members, though others live. */
        DEAD_MEMBER("dead member", Severity.WARNING),
        /** The space cannot be read. */
        UNREADABLE("unreadable", Severity.WARNING);

        private final String words;
        private final Severity severity;

        Kind(String words, Severity severity) {
            this.words = words;
            this.severity = severity;
        }

        /**
         * What it is called.
         *
         * @return a few words
         */
        public String words() {
            return words;
        }

        /**
         * How bad it is.
         *
         * @return the severity
         */
        public Severity severity() {
            return severity;
        }
    }
}
