package dev.procession.lab.picture;

import java.util.List;

/**
 * How full something was over time, as one line of bars; each cell shows the greatest depth seen in its slice of time.
 *
 * <pre>{@code
 *  depth (0 to 3)  _.-#######-._.-##
 * }</pre>
 */
public final class DepthStrip implements Picture {
    private static final String UNICODE_LEVELS = " ▁▂▃▄▅▆▇█";
    private static final String ASCII_LEVELS = " _.-=+*%#";

    private final String label;
    private final int capacity;
    private final List<Sample> samples;

    /** The depth at one moment on {@link System#nanoTime()}'s clock. */
    public record Sample(long nanos, int depth) {}

    /**
     * The strip of these samples.
     *
     * @param label what stands before it
     * @param capacity the depth that fills a cell
     * @param samples in order of time
     */
    public DepthStrip(String label, int capacity, List<Sample> samples) {
        this.label = label;
        this.capacity = capacity;
        this.samples = List.copyOf(samples);
    }

    @Override
    public List<String> draw(Paper paper) {
        String head = " " + label + " (0 to " + capacity + ")  ";
        int cells = Math.max(1, Math.min(paper.columns() - DisplayWidth.of(head), samples.size()));
        String levels = paper.pick(UNICODE_LEVELS, ASCII_LEVELS);
        StringBuilder strip = new StringBuilder();
        for (int depth : deepest(cells)) {
            int level = (int) Math.ceil((double) depth * (levels.length() - 1) / Math.max(1, capacity));
            strip.append(levels.charAt(Math.min(level, levels.length() - 1)));
        }
        return List.of((head + paper.ink(Ink.CYAN, strip.toString())).stripTrailing());
    }

    private int[] deepest(int cells) {
        int[] deepest = new int[cells];
        if (samples.isEmpty()) {
            return deepest;
        }
        long from = samples.getFirst().nanos;
        long total = Math.max(1, samples.getLast().nanos - from);
        int last = 0;
        boolean[] seen = new boolean[cells];
        for (Sample sample : samples) {
            int cell = (int) Math.min(cells - 1, (double) (sample.nanos - from) * cells / total);
            deepest[cell] = Math.max(deepest[cell], sample.depth);
            seen[cell] = true;
        }
        for (int cell = 0; cell < cells; cell++) {
            last = seen[cell] ? deepest[cell] : last;
            deepest[cell] = last;
        }
        return deepest;
    }
}
