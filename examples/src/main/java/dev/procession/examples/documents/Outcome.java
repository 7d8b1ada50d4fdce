package dev.procession.examples.documents;

/** What became of a file. */
public sealed interface Outcome {
    /**
     * It was read.
     *
     * @param text all its text
     */
    record Text(String text) implements Outcome {}

    /**
     * It was not.
     *
     * @param reason in one word
     * @param cause what the pool says of it: where it hung, how its worker died
     */
    record Refused(Reason reason, Throwable cause) implements Outcome {}

    /** Why a file was not read. */
    enum Reason {
        /** The parser says that it is no document. */
        UNREADABLE,
        /** It took longer than its deadline. */
        TOO_SLOW,
        /** Each worker that was given it died. */
        DEADLY
    }
}
