package dev.procession.lab.ticket;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a buyer does, and what happens to it. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    READY(new Tint("at the starting line", ' ', ' ', Ink.PLAIN)),
    LOOKS(new Tint("looks", '▁', '_', Ink.CYAN)),
    WAITS(new Tint("waits for the lock", '·', '.', Ink.YELLOW)),
    READS(new Tint("reads the count", '░', ':', Ink.BLUE)),
    BUYS(new Tint("buys", '█', '#', Ink.GREEN)),
    HOLDS(new Tint("holds the lock until killed", '▓', '%', Ink.RED)),
    THROUGH(new Tint("through", ' ', ' ', Ink.PLAIN)),
    /** Marks with the tickets it saw before it bought one. */
    SOLD(new Tint("got a ticket", '✓', '$', Ink.GREEN)),
    /** Marks that there was none left. */
    REFUSED(new Tint("none left", '✗', 'x', Ink.RED)),
    /** Marks that it got the lock of a dead owner and found the file whole. */
    RECOVERS(new Tint("learns that the owner died", '!', '!', Ink.MAGENTA));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
