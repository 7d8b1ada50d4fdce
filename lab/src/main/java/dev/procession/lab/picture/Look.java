package dev.procession.lab.picture;

/** Something a process does or that happens to it, and how it looks. Implemented by enums, so that it travels by name. */
public interface Look {
    /** The constant's name. */
    String name();

    /** How it looks. */
    Tint tint();
}
