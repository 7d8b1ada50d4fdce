package dev.procession.lab.picture;

/**
 * How many terminal cells a text takes: Chinese characters take two, combining marks none.
 *
 * <p>Source: Unicode Standard Annex 11 (East Asian Width), the ranges W and F that terminals agree on.
 */
public final class DisplayWidth {
    private static final int[][] WIDE = {
        {0x1100, 0x115f},
        {0x2e80, 0x303e},
        {0x3041, 0xa4cf},
        {0xac00, 0xd7a3},
        {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},
        {0xff00, 0xff60},
        {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f},
        {0x1f900, 0x1f9ff},
        {0x20000, 0x3fffd}
    };

    private DisplayWidth() {}

    /** The cells the text takes. */
    public static int of(String text) {
        return text.codePoints().map(DisplayWidth::ofCharacter).sum();
    }

    /** The text with spaces behind it up to that many cells. */
    public static String padRight(String text, int cells) {
        return text + " ".repeat(Math.max(0, cells - of(text)));
    }

    /** The text with spaces before it up to that many cells. */
    public static String padLeft(String text, int cells) {
        return " ".repeat(Math.max(0, cells - of(text))) + text;
    }

    /** As much of the text as fits in that many cells. */
    public static String cut(String text, int cells) {
        int end = 0;
        for (int width = 0; end < text.length(); end += Character.charCount(text.codePointAt(end))) {
            width += ofCharacter(text.codePointAt(end));
            if (width > cells) {
                break;
            }
        }
        return text.substring(0, end);
    }

    private static int ofCharacter(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int[] range : WIDE) {
            if (character >= range[0] && character <= range[1]) {
                return 2;
            }
        }
        return 1;
    }
}
