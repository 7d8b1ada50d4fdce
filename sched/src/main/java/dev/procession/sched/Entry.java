package dev.procession.sched;

/** Why a job is added to the {@link ReadyQueue}. */
public enum Entry {
    /** It has just arrived. */
    ARRIVED,
    /** Its I/O is over and its next CPU burst begins. */
    RETURNED,
    /** It has used up its slice. */
    EXPIRED,
    /** It was running when something else happened, and has slice left. Only for interruptible queues. */
    INTERRUPTED
}
