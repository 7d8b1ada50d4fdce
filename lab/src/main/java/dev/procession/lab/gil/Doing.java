package dev.procession.lab.gil;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a worker does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    READY(new Tint("at the starting line", ' ', ' ', Ink.PLAIN)),
    COMPUTES(new Tint("computes", '█', '#', Ink.GREEN)),
    WAITS(new Tint("waits for the lock", '·', '.', Ink.YELLOW)),
    DOES_IO(new Tint("waits for a device", '░', ':', Ink.BLUE)),
    DONE(new Tint("done", ' ', ' ', Ink.PLAIN)),
    /** Marks with its result. */
    TELLS(new Tint("tells its result", '▼', 'v', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
