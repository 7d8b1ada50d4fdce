package dev.procession.lab.family;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What a child of these experiments does. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    SLEEPS(new Tint("sleeps", '░', '-', Ink.BLUE)),
    WAITS(new Tint("waits for its own child", '▒', '=', Ink.YELLOW)),
    WRITES(new Tint("writes its line", '✎', 'W', Ink.GREEN)),
    ENDS(new Tint("its JVM ends", '╌', '_', Ink.DIM)),
    /** Marks with its parent's pid as text. */
    TELLS_PARENT(new Tint("tells its parent's pid", '↑', '^', Ink.CYAN)),
    /** Marks with the new child's pid as text. */
    HAS_CHILD(new Tint("starts a child", '+', '+', Ink.MAGENTA)),
    /** Marks with the sum it came to. */
    TELLS_SUM(new Tint("tells its sum", 'Σ', 'S', Ink.GREEN)),
    /** Marks with what it sees as text. */
    SEES(new Tint("reads n", 'n', 'n', Ink.CYAN));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
