package dev.procession.lab.manager;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a child does with the dictionary. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    WAITS(new Tint("waits for the others", '░', ':', Ink.BLUE)),
    CHANGES(new Tint("reads and writes count", '█', '#', Ink.GREEN)),
    ENDS(new Tint("its JVM ends", '╌', '_', Ink.DIM)),
    /** Marks with the count it saw last. */
    TELLS_COUNT(new Tint("tells the count it left", 'n', 'n', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
