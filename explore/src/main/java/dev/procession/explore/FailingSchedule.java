package dev.procession.explore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A schedule at whose end something was wrong.
 *
 * @param failure what was wrong
 * @param tasks the names of the tasks, in the program's order
 * @param steps the steps in the order in which they were taken
 * @param token runs this schedule again: see {@link Explorer#replay}
 */
public record FailingSchedule(String failure, List<String> tasks, List<Step> steps, String token) {
    /** Fewer steps are shorter; of as many, fewer changes from one task to another. */
    static final Comparator<FailingSchedule> BY_LENGTH = Comparator.<FailingSchedule>comparingInt(
                    schedule -> schedule.steps.size())
            .thenComparingInt(FailingSchedule::switches);

    /** Makes the lists its own. */
    public FailingSchedule {
        tasks = List.copyOf(tasks);
        steps = List.copyOf(steps);
    }

    private int switches() {
        int switches = 0;
        for (int i = 1; i < steps.size(); i++) {
            if (!steps.get(i).task().equals(steps.get(i - 1).task())) {
                switches++;
            }
        }
        return switches;
    }

    /**
     * The schedule as a text: a column for each task, a line for each step, the failure, the token.
     *
     * <pre>
     * ada           | ben
     * start         |
     * read tickets  |
     *               | start
     * </pre>
     *
     * @return the text, lines ended by {@code \n}
     */
    @Override
    public String toString() {
        int[] widths = tasks.stream().mapToInt(String::length).toArray();
        for (Step step : steps) {
            int column = tasks.indexOf(step.task());
            widths[column] = Math.max(widths[column], step.toString().length());
        }
        var text = new StringBuilder();
        appendRow(text, tasks, widths);
        for (Step step : steps) {
            var cells = new ArrayList<String>();
            for (String task : tasks) {
                cells.add(task.equals(step.task()) ? step.toString() : "");
            }
            appendRow(text, cells, widths);
        }
        return text.append(failure)
                .append("\nreplay token: ")
                .append(token)
                .append('\n')
                .toString();
    }

    private static void appendRow(StringBuilder text, List<String> cells, int[] widths) {
        var row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            row.append(i == 0 ? "" : " | ")
                    .append(cells.get(i))
                    .repeat(' ', widths[i] - cells.get(i).length());
        }
        text.append(row.toString().stripTrailing()).append('\n');
    }
}
