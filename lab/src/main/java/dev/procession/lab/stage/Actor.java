package dev.procession.lab.stage;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;
import dev.procession.process.ChildFailedException;
import dev.procession.process.ChildProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One child JVM of a {@link Cast}, and what it has told so far. Safe for use by many threads. */
public final class Actor {
    private static final int MOST_ERRORS = 100;

    /** From its start until it first tells something: its JVM comes up. */
    private static final Tint BOOTS = new Tint("its JVM starts", '·', '.', Ink.DIM);

    private final Cast cast;
    private final long startedNanos = System.nanoTime();

    // Guarded by cast.lock.
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private long endedNanos;
    private boolean isMeantToDie;
    private @Nullable ChildProcess child;

    Actor(Cast cast) {
        this.cast = cast;
    }

    void child(ChildProcess started) {
        guarded(() -> child = started);
        var _ = started.onExit().thenRun(() -> guarded(() -> endedNanos = System.nanoTime()));
    }

    void says(String line) {
        Entry.read(line).ifPresent(entry -> guarded(() -> entries.add(entry)));
    }

    void complains(String line) {
        guarded(() -> {
            if (errors.size() < MOST_ERRORS) {
                errors.add(line);
            }
        });
    }

    private void guarded(Runnable change) {
        cast.lock.lock();
        try {
            change.run();
        } finally {
            cast.lock.unlock();
        }
        cast.tell();
    }

    private <T> T guardedGet(Supplier<T> look) {
        cast.lock.lock();
        try {
            return look.get();
        } finally {
            cast.lock.unlock();
        }
    }

    ChildProcess child() {
        ChildProcess started = guardedGet(() -> child);
        if (started == null) {
            throw new IllegalStateException("not started yet");
        }
        return started;
    }

    /** The child's name. */
    public String name() {
        return child().name();
    }

    /** The child's process id. */
    public long pid() {
        return child().pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return child().isAlive();
    }

    /** Its exit code, if it has ended; minus the signal's number if a signal ended it. */
    public OptionalInt exitCode() {
        return child().exitCode();
    }

    /** Kills it by SIGKILL: from now on its death is no failure of the run. */
    public void kill() {
        guarded(() -> isMeantToDie = true);
        child().kill();
    }

    /** Asks it to end by SIGTERM: from now on its death is no failure of the run. */
    public void terminate() {
        guarded(() -> isMeantToDie = true);
        child().terminate();
    }

    /** When it was started, on {@link System#nanoTime()}'s clock. */
    public long startedNanos() {
        return startedNanos;
    }

    /** When it ended, or now if it has not. */
    public long endedNanos() {
        return guardedGet(() -> endedNanos == 0 ? System.nanoTime() : endedNanos);
    }

    /** All it has told so far, in order. */
    public List<Entry> entries() {
        return guardedGet(() -> List.copyOf(entries));
    }

    /** All of one look it has told so far, in order. */
    public List<Entry> entries(Look look) {
        return entries().stream().filter(entry -> entry.is(look)).toList();
    }

    /** Whether it has told something of that look. */
    public boolean has(Look look) {
        return entries().stream().anyMatch(entry -> entry.is(look));
    }

    /** Whether this is what it does now: its latest state, in which it has not ended. */
    public boolean isIn(Look look) {
        return isAlive() && latestState().filter(entry -> entry.is(look)).isPresent();
    }

    private Optional<Entry> latestState() {
        return entries().reversed().stream()
                .filter(entry -> entry.kind() == Entry.Kind.ENTERS)
                .findFirst();
    }

    /** What it wrote on its standard error, up to some hundred lines. */
    public List<String> errors() {
        return guardedGet(() -> List.copyOf(errors));
    }

    /** Its failure, if it failed and was not killed by the run itself. */
    Optional<ChildFailedException> unexpectedFailure() {
        return guardedGet(() -> isMeantToDie) ? Optional.empty() : child().failure();
    }

    /** Who it is and what it did last, for messages. */
    String whereabouts() {
        return name() + " (pid " + pid() + ") "
                + latestState().map(entry -> "last in " + entry.word()).orElse("never told anything");
    }

    /** All of its life so far. */
    public Part life() {
        return new Part(this, entries(), endedNanos());
    }

    /** The part of its life from the index-th time it told of that look, counted from 0, until the next time. */
    public Part part(Look beginning, int index) {
        List<Entry> all = entries();
        int seen = -1;
        List<Entry> part = new ArrayList<>();
        for (Entry entry : all) {
            if (entry.is(beginning) && ++seen > index) {
                return new Part(this, part, entry.nanos());
            }
            if (seen == index) {
                part.add(entry);
            }
        }
        return new Part(this, part, endedNanos());
    }

    /** Its lane in a picture, from its start until its end. */
    public Lanes.Lane lane(Class<? extends Look> looks, Label label, String ending) {
        Lanes.Lane told = life().lane(looks, label, ending, startedNanos);
        long firstWord =
                entries().isEmpty() ? endedNanos() : entries().getFirst().nanos();
        List<Lanes.Span> spans = new ArrayList<>(told.spans());
        spans.addFirst(new Lanes.Span(startedNanos, firstWord, BOOTS));
        return new Lanes.Lane(label, spans, told.marks(), ending);
    }
}
