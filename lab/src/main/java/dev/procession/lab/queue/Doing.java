package dev.procession.lab.queue;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What those at the ends of a queue do, and what happens to them. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    READY(new Tint("waits for its turn", ' ', ' ', Ink.PLAIN)),
    NAPS(new Tint("does something else", '░', ':', Ink.BLUE)),
    PUTS(new Tint("put waits for room", '▒', '=', Ink.YELLOW)),
    TAKES(new Tint("take waits for an item", '·', '.', Ink.YELLOW)),
    /** Marks with the item it put. */
    PUT(new Tint("has put an item", '▲', '^', Ink.GREEN)),
    /** Marks with the item it took. */
    TOOK(new Tint("has taken an item", '▼', 'v', Ink.GREEN)),
    DONE(new Tint("done", ' ', ' ', Ink.PLAIN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
