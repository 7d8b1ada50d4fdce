package dev.procession.lab.ticket;

import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The knobs that both ticket experiments have. */
final class TicketKnobs {
    static final Knob<Optional<Path>> FILE = Knob.file(
            "file", "a JSON file with a field \"count\"; the first run changes it in place, further runs use copies");
    static final Knob<Integer> TICKETS =
            Knob.count("tickets", 5, 0, 1_000_000, "how many tickets there are, where no file is given");
    static final Knob<Integer> BUYERS = Knob.count("buyers", 10, 1, 200, "how many rush for them, each a child JVM");
    static final Knob<Duration> CHECK_DELAY =
            Knob.millis("check-delay", 20, "how long a buyer looks at the count it read (the course: 1000)");
    static final Knob<Duration> BUY_DELAY =
            Knob.millis("buy-delay", 40, "how long it pays before it writes the new count (the course: 2000)");
    static final Knob<Integer> RUNS = Knob.count("runs", 3, 1, 1000, "how often it is done");
    static final List<Knob<?>> ALL = List.of(FILE, TICKETS, BUYERS, CHECK_DELAY, BUY_DELAY, RUNS);

    private TicketKnobs() {}

    /**
     * The ticket files of one experiment: the reader's own for the first run, copies of what it was for the others.
     *
     * @param first what the first run works on
     * @param original what stood in it at the start
     * @param folder where copies are made
     */
    record Supply(TicketFile first, Tickets original, Path folder) {
        /** The files of so many runs. */
        List<TicketFile> files(int runs) {
            List<TicketFile> files = new ArrayList<>(List.of(first));
            for (int i = 1; i < runs; i++) {
                files.add(copy("run-" + (i + 1)));
            }
            return files;
        }

        TicketFile copy(String name) {
            return TicketFile.create(folder.resolve(name + ".json"), original.text());
        }
    }

    /**
     * Opens or makes the first file.
     *
     * @throws UsageException if the reader's file cannot be used, or a number of tickets is given for it too
     */
    static Supply supply(Knobs knobs, Path folder) {
        Optional<Path> given = knobs.get(FILE);
        if (given.isPresent() && knobs.isGiven(TICKETS)) {
            throw new UsageException(
                    "--tickets and --file exclude each other: the file's \"count\" says how many there are");
        }
        TicketFile first = given.map(TicketFile::open)
                .orElseGet(() -> TicketFile.create(folder.resolve("tickets.json"), textOf(knobs.get(TICKETS))));
        try {
            return new Supply(first, first.read(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Tickets.MalformedException e) {
            throw new UsageException(first + ": " + e.getMessage());
        }
    }

    private static byte[] textOf(int tickets) {
        return ("{\"event\": \"rush\", \"count\": " + tickets + "}\n").getBytes(StandardCharsets.UTF_8);
    }
}
