package dev.procession.lab.kitchen;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;

/** What cooks and eaters do, and what happens to them. */
@SuppressWarnings("ImmutableEnumChecker") // A record of texts is immutable without the checker's annotation.
enum Doing implements Look {
    READY(blank("before the shift")),
    COOKS(new Tint("cooks", '░', ':', Ink.BLUE)),
    PUTS(new Tint("waits for room", '▒', '=', Ink.YELLOW)),
    WAITS(new Tint("waits for a dish", '·', '.', Ink.YELLOW)),
    EATS(new Tint("eats", '█', '#', Ink.GREEN)),
    THROUGH(blank("done")),
    /** Marks with the dish it put on the counter. */
    PUT(blank("put a dish")),
    /** Marks with the dish it has eaten. */
    ATE(blank("ate a dish")),
    PUT_MARK(new Tint("puts an end mark", '▲', '^', Ink.MAGENTA)),
    CLOSED(new Tint("takes an end mark", '■', 'X', Ink.MAGENTA)),
    GAVE_UP(new Tint("gives up waiting", '?', '?', Ink.RED));

    private final Tint tint;

    Doing(Tint tint) {
        this.tint = tint;
    }

    private static Tint blank(String word) {
        return new Tint(word, ' ', ' ', Ink.PLAIN);
    }

    @Override
    public Tint tint() {
        return tint;
    }
}
