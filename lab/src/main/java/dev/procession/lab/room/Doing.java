package dev.procession.lab.room;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a visitor does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    READY(new Tint("waits for the opening (event)", '·', '.', Ink.DIM)),
    QUEUES(new Tint("waits for room (semaphore)", '▒', '=', Ink.YELLOW)),
    INSIDE(new Tint("is inside", '█', '#', Ink.GREEN)),
    LEFT(new Tint("has left", ' ', ' ', Ink.PLAIN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
