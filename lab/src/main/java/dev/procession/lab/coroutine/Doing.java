package dev.procession.lab.coroutine;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a coroutine does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    RUNS(new Tint("runs", '█', '#', Ink.GREEN)),
    SUSPENDED(new Tint("is suspended", '·', '.', Ink.DIM)),
    SLEEPS(new Tint("sleeps", '░', '-', Ink.BLUE)),
    /** Marks that it had the thread for a moment and said something. */
    SPEAKS(new Tint("says something", '●', 'o', Ink.CYAN)),
    ENDS(new Tint("has ended", '■', 'X', Ink.MAGENTA));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
