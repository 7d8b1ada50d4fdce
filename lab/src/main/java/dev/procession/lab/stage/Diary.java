package dev.procession.lab.stage;

import dev.procession.lab.picture.Look;

/**
 * What a child of the lab tells its parent, for a child's own use.
 *
 * <p>It goes through the child's standard output, not through shared memory: what is measured must not pass through what
 * it is measured with, and what a child wrote before SIGKILL still arrives.
 */
public final class Diary {
    private Diary() {}

    /** From now on this child does this. */
    public static void enters(Look look) {
        write(Entry.Kind.ENTERS, look, "");
    }

    /** This happened to this child now. */
    public static void marks(Look look, Object text) {
        write(Entry.Kind.MARKS, look, String.valueOf(text));
    }

    private static void write(Entry.Kind kind, Look look, String text) {
        System.out.println(Entry.line(System.nanoTime(), kind, look, text));
        System.out.flush();
    }
}
