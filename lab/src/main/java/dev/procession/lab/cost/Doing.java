package dev.procession.lab.cost;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What those do whose cost is measured. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    SUMS(new Tint("sums up", '█', '#', Ink.GREEN)),
    ENDS(new Tint("its JVM ends", '╌', '_', Ink.DIM)),
    /** Marks with the sum. */
    TELLS_SUM(new Tint("tells its sum", 'Σ', 'S', Ink.CYAN)),
    /** Marks with a number of bytes. */
    TELLS_BYTES(new Tint("tells the bytes it uses", 'B', 'B', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
