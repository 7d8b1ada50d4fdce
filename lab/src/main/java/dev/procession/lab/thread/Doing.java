package dev.procession.lab.thread;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a thread of these experiments does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    SLEEPS(new Tint("sleeps", '░', '-', Ink.BLUE)),
    /** Marks with the process id it sees. */
    TELLS_PID(new Tint("tells its process id", '↑', '^', Ink.CYAN)),
    /** Marks with the name it sees for itself. */
    TELLS_NAME(new Tint("tells its name", 'n', 'n', Ink.GREEN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
