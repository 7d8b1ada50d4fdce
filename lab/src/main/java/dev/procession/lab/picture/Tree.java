package dev.procession.lab.picture;

import java.util.ArrayList;
import java.util.List;

/**
 * A family tree.
 *
 * <pre>{@code
 *  lab  pid 100
 *  |- Process-1  pid 101  exit code 0
 *  `- Process-2  pid 102  exit code -15
 * }</pre>
 *
 * @param text the line of this node
 * @param children what hangs below it
 */
public record Tree(String text, List<Tree> children) implements Picture {
    /** Copies the list. */
    public Tree {
        children = List.copyOf(children);
    }

    /** A node with these below it. */
    public static Tree of(String text, Tree... children) {
        return new Tree(text, List.of(children));
    }

    @Override
    public List<String> draw(Paper paper) {
        List<String> lines = new ArrayList<>();
        lines.add(" " + paper.legible(text));
        drawChildren(paper, " ", lines);
        return lines;
    }

    private void drawChildren(Paper paper, String margin, List<String> lines) {
        for (int i = 0; i < children.size(); i++) {
            Tree child = children.get(i);
            boolean last = i == children.size() - 1;
            String branch = last ? paper.pick("└─ ", "`- ") : paper.pick("├─ ", "|- ");
            lines.add(margin + branch + paper.legible(child.text));
            child.drawChildren(paper, margin + (last ? "   " : paper.pick("│  ", "|  ")), lines);
        }
    }
}
