package dev.procession.lab.cpu;

import dev.procession.lab.experiment.BrokenRunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The numbers of the processors that this process may run on, as the system counts them. */
final class OwnCpus {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "Cpus_allowed_list:";

    private OwnCpus() {}

    static List<Integer> list() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(FIELD))
                    .findFirst()
                    .map(line -> parse(line.substring(FIELD.length()).strip()))
                    .orElseThrow(() -> new BrokenRunException(STATUS + " has no line " + FIELD, null));
        } catch (IOException unreadable) {
            throw new BrokenRunException(STATUS + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** Such as {@code 0-3,8}. */
    static List<Integer> parse(String ranges) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : ranges.split(",", -1)) {
            String[] ends = range.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int cpu = Integer.parseInt(ends[0]); cpu <= last; cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }
}
