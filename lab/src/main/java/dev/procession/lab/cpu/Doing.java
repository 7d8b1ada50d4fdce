package dev.procession.lab.cpu;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** The states of a process, and what a real one tells. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    READY(new Tint("ready", '░', '-', Ink.YELLOW)),
    RUNNING(new Tint("running", '█', '#', Ink.GREEN)),
    BLOCKED(new Tint("blocked", '·', '.', Ink.BLUE)),
    DONE(new Tint("done", ' ', ' ', Ink.PLAIN)),
    /** Marks with the path of its thread below /proc. */
    TELLS_THREAD(new Tint("tells its thread", 't', 't', Ink.CYAN)),
    /** Marks with what it did and where the time went, in nanoseconds. */
    TELLS_TIMES(new Tint("tells its times", 'T', 'T', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
