package dev.procession.lab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a run measured, in the order it is printed. Immutable; {@link #with} makes a longer one.
 *
 * <p>Values are numbers, texts, booleans, or lists and maps of such, ready for JSON.
 */
public final class Figures {
    private static final Figures NONE = new Figures(List.of());

    private final List<Figure> all;

    /**
     * One figure.
     *
     * @param name its name in JSON, unit at its end where it has one
     * @param value what was measured
     * @param says what it is, for people; empty if it is for machines only and not printed
     */
    public record Figure(String name, Object value, String says) {
        /** Refuses nulls. */
        public Figure {
            Objects.requireNonNull(value, name);
        }
    }

    private Figures(List<Figure> all) {
        this.all = all;
    }

    /** No figures. */
    public static Figures none() {
        return NONE;
    }

    /** These and one more. */
    public Figures with(String name, Object value, String says) {
        List<Figure> longer = new ArrayList<>(all);
        longer.add(new Figure(name, value, says));
        return new Figures(List.copyOf(longer));
    }

    /** These and one more that is for machines only. */
    public Figures withUnprinted(String name, Object value) {
        return with(name, value, "");
    }

    /** All of them, in order. */
    public List<Figure> all() {
        return all;
    }
}
