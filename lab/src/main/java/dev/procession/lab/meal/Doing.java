package dev.procession.lab.meal;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a diner does, and what happens to one. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    REACHES(new Tint("reaches for the first thing", '·', '.', Ink.DIM)),
    HOLDS(new Tint("holds one thing", '▒', ':', Ink.YELLOW)),
    WAITS(new Tint("holds one and waits for the other", '▓', '%', Ink.RED)),
    EATS(new Tint("eats", '█', '#', Ink.GREEN)),
    DONE(new Tint("done", ' ', ' ', Ink.PLAIN)),
    /** Marks with the message that it was told of a deadlock. */
    TOLD(new Tint("is told of the deadlock", '!', '!', Ink.MAGENTA)),
    /** Marks that it put back what it held, since the other thing did not come. */
    GIVES_WAY(new Tint("puts back what it holds", '↓', 'v', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
