package dev.procession.lab.cli;

/** The exit codes beside those of a verdict (0, 1 and 2). */
final class ExitCode {
    static final int OK = 0;
    /** A program given to {@code procession run} does not compile, or threw. */
    static final int PROGRAM_FAILED = 1;
    /** What was to be removed is in use. */
    static final int IN_USE = 1;
    /** A server cannot listen where it should, or a client's connection cannot be made or breaks. */
    static final int NO_CONNECTION = 1;
    /** The command line cannot be understood or carried out (EX_USAGE of sysexits.h). */
    static final int USAGE = 64;
    /** A fault of our own (EX_SOFTWARE). */
    static final int INTERNAL = 70;

    private ExitCode() {}
}
