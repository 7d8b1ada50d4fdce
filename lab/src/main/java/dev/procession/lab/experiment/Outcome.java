package dev.procession.lab.experiment;

import dev.procession.lab.picture.Picture;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run came to. Immutable.
 *
 * @param verdict shown, not shown or broken
 * @param reason why, with the figures that decide it: one sentence
 * @param figures what was measured
 * @param pictures what it looked like, each under its caption
 */
public record Outcome(Verdict verdict, String reason, Figures figures, List<Captioned> pictures) {
    /** Copies the list. */
    public Outcome {
        pictures = List.copyOf(pictures);
    }

    /** A picture and the line over it. */
    public record Captioned(String caption, Picture picture) {}

    /** An outcome without pictures so far. */
    public static Outcome of(Verdict verdict, String reason, Figures figures) {
        return new Outcome(verdict, reason, figures, List.of());
    }

    /** This outcome with one more picture. */
    public Outcome with(String caption, Picture picture) {
        List<Captioned> more = new ArrayList<>(pictures);
        more.add(new Captioned(caption, picture));
        return new Outcome(verdict, reason, figures, more);
    }
}
