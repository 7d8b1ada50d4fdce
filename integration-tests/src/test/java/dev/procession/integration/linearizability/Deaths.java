package dev.procession.integration.linearizability;

/**
 * The processes whose death an object has taken notice of: they do nothing more.
 *
 * @param processes by number, as bits
 */
record Deaths(long processes) {
    static final Deaths NONE = new Deaths(0);

    static Operation of(Enum<?> call, Recorder survivor, int process, long killedAt, long noticedAt) {
        return new Operation(survivor.actor(), call, process, Operation.NOTHING, killedAt, noticedAt, true);
    }

    Deaths and(int process) {
        return new Deaths(processes | 1L << process);
    }

    boolean include(int actor) {
        return actor >= 0 && (processes & 1L << Crowd.processOf(actor)) != 0;
    }
}
