package dev.procession.lab.cpu;

/** The ways from one state of a process to another. There are no others. */
enum Transition {
    DISPATCHED,
    MADE_WAY,
    IO_STARTED,
    IO_DONE,
    ENDED
}
