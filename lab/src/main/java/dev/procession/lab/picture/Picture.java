package dev.procession.lab.picture;

import java.util.List;

/** Something that can be drawn as lines of text. Pictures are immutable. */
@FunctionalInterface
public interface Picture {
    /**
     * Draws.
     *
     * @param paper how wide, in which script, whether in colour
     * @return the lines, without line ends; none is wider than the paper, unless a label alone is
     */
    List<String> draw(Paper paper);
}
