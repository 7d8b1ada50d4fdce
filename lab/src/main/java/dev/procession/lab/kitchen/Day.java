package dev.procession.lab.kitchen;

import dev.procession.lab.experiment.Figures;
import dev.procession.lab.picture.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** All shifts of one experiment, by the words for how each was to end, in order. For one thread. */
final class Day {
    private final int capacity;
    private final List<Long> pids;
    private final Map<String, Worked> shifts = new LinkedHashMap<>();

    /**
     * A day without shifts so far.
     *
     * @param capacity how many dishes the counter holds
     * @param pids of the staff
     */
    Day(int capacity, List<Long> pids) {
        this.capacity = capacity;
        this.pids = pids;
    }

    void add(String words, Worked worked) {
        shifts.put(words, worked);
    }

    Worked shift(String words) {
        Worked worked = shifts.get(words);
        if (worked == null) {
            throw new NoSuchElementException(words);
        }
        return worked;
    }

    private int greatestDepth() {
        return shifts.values().stream().mapToInt(Worked::greatestDepth).max().orElse(0);
    }

    boolean counterHeld() {
        return greatestDepth() <= capacity;
    }

    /** The figures; produced and consumed are those of the last shift, which ends as it should. */
    Figures figures() {
        Worked last = List.copyOf(shifts.values()).getLast();
        List<Map<String, Object>> variants = new ArrayList<>();
        shifts.forEach((words, worked) -> variants.add(worked.asMap(words)));
        return Figures.none()
                .with("capacity", capacity, "dishes the counter holds")
                .with("greatestDepth", greatestDepth(), "most that stood on it")
                .with("produced", last.put().size(), "dishes put in the last variant")
                .with("consumed", last.eaten().size(), "dishes eaten in it, each of them once")
                .with("parentPid", ProcessHandle.current().pid(), "process id of this JVM")
                .withUnprinted("pids", pids)
                .withUnprinted("variants", variants);
    }

    Table table() {
        List<List<String>> rows = new ArrayList<>();
        shifts.forEach((words, worked) -> rows.add(worked.row(words)));
        return new Table(Worked.HEADS, rows);
    }

    /** Why it was not as claimed: too much on the counter, or these variants. */
    String complaint(List<String> wrongVariants) {
        return counterHeld()
                ? "not as claimed: " + String.join("; ", wrongVariants)
                : greatestDepth() + " dishes stood on a counter for " + capacity;
    }
}
