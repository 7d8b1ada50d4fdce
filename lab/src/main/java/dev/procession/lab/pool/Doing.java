package dev.procession.lab.pool;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a worker of a pool does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    WORKS(new Tint("is at a task", '█', '#', Ink.GREEN)),
    RETURNS(new Tint("has its result", '▪', '|', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
