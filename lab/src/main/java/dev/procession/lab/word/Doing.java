package dev.procession.lab.word;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a thread of the word processor does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    WAITS(new Tint("waits", '·', '.', Ink.DIM)),
    SAVES(new Tint("saves", '█', '#', Ink.RED)),
    /** Marks that the user pressed a key. */
    PRESSES(new Tint("the user presses a key", '▏', '|', Ink.PLAIN)),
    /** Marks with the nanoseconds between a key and its letter in the document. */
    TYPES(new Tint("a letter enters the document", '▪', 'o', Ink.GREEN)),
    /** Marks that it has put capitals in place. */
    FORMATS(new Tint("puts capitals in place", 'A', 'A', Ink.BLUE)),
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
