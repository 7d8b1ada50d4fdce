package dev.procession.lab.cpu;

import dev.procession.lab.picture.DisplayWidth;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Picture;
import java.util.List;
import java.util.Map;

/**
 * The states of a process and the ways between them, each with how often it was gone.
 *
 * @param counts how often; a way that is missing was never gone
 */
record TransitionGraph(Map<Transition, Integer> counts) implements Picture {
    /** Copies the map. */
    TransitionGraph {
        counts = Map.copyOf(counts);
    }

    private static final int ARROWS = 10;
    private static final int RUNNING = 31;
    private static final int DOWN = 34;

    @Override
    public List<String> draw(Paper paper) {
        String dashes = paper.pick("──", "--");
        String right = dashes + paper.pick("▶", ">");
        String left = paper.pick("◀", "<") + dashes;
        String bar = paper.pick("│", "|");
        String back = "    " + paper.pick("└", "+") + dashes + " I/O done " + count(Transition.IO_DONE) + " " + dashes
                + " BLOCKED " + paper.pick("◀", "<");
        return List.of(
                " ".repeat(ARROWS) + dashes + " dispatched " + count(Transition.DISPATCHED) + " " + right,
                inked("  READY", paper)
                        + " ".repeat(RUNNING - "  READY".length())
                        + inked("RUNNING ", paper)
                        + dashes + " ended " + count(Transition.ENDED) + " " + right + " DONE",
                " ".repeat(ARROWS) + left + " makes way " + count(Transition.MADE_WAY) + " " + dashes,
                DisplayWidth.padRight("    " + paper.pick("▲", "^"), DOWN) + bar,
                DisplayWidth.padRight("    " + bar, DOWN) + bar + " starts I/O " + count(Transition.IO_STARTED),
                inked(back, paper)
                        + paper.pick("─", "-").repeat(Math.max(0, DOWN - back.length()))
                        + paper.pick("┘", "+"));
    }

    private static String inked(String line, Paper paper) {
        return line.replace("READY", paper.ink(Ink.YELLOW, "READY"))
                .replace("RUNNING", paper.ink(Ink.GREEN, "RUNNING"))
                .replace("BLOCKED", paper.ink(Ink.BLUE, "BLOCKED"));
    }

    private int count(Transition way) {
        return counts.getOrDefault(way, 0);
    }
}
