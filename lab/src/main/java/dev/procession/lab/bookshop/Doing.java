package dev.procession.lab.bookshop;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What the caller and the shop do. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    HOLDS(new Tint("waits", '·', '.', Ink.YELLOW)),
    WORKS(new Tint("does something else", '█', '#', Ink.GREEN)),
    SEARCHES(new Tint("the shop searches", '░', ':', Ink.BLUE)),
    /** Marks that it asked whether the book is there, and it was not. */
    ASKS(new Tint("asks: is it there?", '?', '?', Ink.CYAN)),
    /** Marks with the book it has. */
    HAS(new Tint("has a book", '▼', 'v', Ink.MAGENTA)),
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
