package dev.procession.process;

/** The process this code runs in, and its children. */
public final class Processes {
    private Processes() {}
}
