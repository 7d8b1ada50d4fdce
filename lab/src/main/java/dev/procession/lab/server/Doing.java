package dev.procession.lab.server;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a client does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    /** Connected, and nobody serves it yet. */
    WAITS(new Tint("waits to be served", '░', '-', Ink.RED)),
    TALKS(new Tint("is served", '█', '#', Ink.GREEN)),
    /** Marks with who serves it. */
    GREETED(new Tint("hears who serves it", '↓', 'v', Ink.CYAN)),
    /** Marks with the answer. */
    ANSWERED(new Tint("has an answer", '▪', '|', Ink.CYAN)),
    /** Its server was killed. */
    CUT_OFF(new Tint("is cut off", '✗', 'X', Ink.RED));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
