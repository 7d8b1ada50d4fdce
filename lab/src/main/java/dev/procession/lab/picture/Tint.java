package dev.procession.lab.picture;

/**
 * How one state or mark looks: a word for the legend, a sign of one cell, an ink.
 *
 * @param word what the legend calls it
 * @param unicode its sign where Unicode can be shown
 * @param ascii its sign elsewhere
 * @param ink its ink
 */
public record Tint(String word, char unicode, char ascii, Ink ink) {
    /** Whether it is there to be passed over. */
    public boolean isBlank() {
        return unicode == ' ';
    }

    char sign(Paper paper) {
        return paper.script() == Paper.Script.UNICODE ? unicode : ascii;
    }

    String legend(Paper paper) {
        return paper.ink(ink, String.valueOf(sign(paper))) + " " + word;
    }
}
