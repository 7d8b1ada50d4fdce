package dev.procession.lab.picture;

/**
 * A name as it is written where Unicode can be shown, and elsewhere.
 *
 * @param unicode its own form, perhaps with its Latin one behind it
 * @param ascii its Latin form
 */
public record Label(String unicode, String ascii) {
    /** A name that needs no other form. */
    public static Label of(String name) {
        return new Label(name, name);
    }

    String on(Paper paper) {
        return paper.legible(paper.pick(unicode, ascii));
    }
}
