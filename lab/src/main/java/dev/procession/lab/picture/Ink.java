package dev.procession.lab.picture;

/** A colour of the terminal's own palette, so that the reader's theme decides how it looks. */
public enum Ink {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    MAGENTA("35"),
    CYAN("36");

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    /** The text between this ink's escape sequence and the one that ends it. */
    String around(String text) {
        return this == PLAIN || text.isBlank() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
