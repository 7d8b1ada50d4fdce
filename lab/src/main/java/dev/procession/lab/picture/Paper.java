package dev.procession.lab.picture;

/**
 * What pictures are drawn on.
 *
 * @param columns the width in terminal cells
 * @param script which characters it can show
 * @param colours whether it shows colours
 */
public record Paper(int columns, Script script, Colours colours) {
    /** The narrowest paper that is drawn on; a narrower terminal wraps. */
    public static final int LEAST_COLUMNS = 40;

    /** Which characters can be shown. */
    public enum Script {
        /** All of Unicode. */
        UNICODE,
        /** ASCII alone: names and foods appear by their Latin names. */
        ASCII
    }

    /** Whether escape sequences for colours are written. */
    public enum Colours {
        /** They are. */
        ON,
        /** None is. */
        OFF
    }

    /** Widens a paper that is too narrow to {@link #LEAST_COLUMNS}. */
    public Paper {
        columns = Math.max(columns, LEAST_COLUMNS);
    }

    /** 80 columns of black ASCII, what a pipe gets when nothing better is known. */
    public static Paper plain() {
        return new Paper(80, Script.ASCII, Colours.OFF);
    }

    /** The text in that ink, or as it is on paper without colours. */
    public String ink(Ink ink, String text) {
        return colours == Colours.ON ? ink.around(text) : text;
    }

    /** The first form where Unicode can be shown, else the second. */
    public String pick(String unicode, String ascii) {
        return script == Script.UNICODE ? unicode : ascii;
    }

    /** The text with every character this paper cannot show replaced by a question mark. */
    public String legible(String text) {
        return script == Script.UNICODE ? text : text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
