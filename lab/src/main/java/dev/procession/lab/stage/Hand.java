package dev.procession.lab.stage;

import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a {@link Crew}, and what it has told so far. It tells by {@link #enters} and {@link #marks}, which are for
 * the thread itself; all else is safe for use by many threads.
 */
public final class Hand {
    private final Crew crew;
    private final Thread thread;
    private final long startedNanos = System.nanoTime();

    // Guarded by crew.lock.
    private final List<Entry> entries = new ArrayList<>();
    private long endedNanos;
    private @Nullable Throwable failure;

    Hand(Crew crew, Thread.Builder builder, Crew.Task task) {
        this.crew = crew;
        this.thread = builder.unstarted(() -> play(task));
    }

    private void play(Crew.Task task) {
        Throwable thrown = null;
        try {
            task.run(this);
        } catch (Throwable t) {
            thrown = t;
        }
        Throwable failed = thrown;
        crew.tell(() -> {
            failure = failed;
            endedNanos = System.nanoTime();
        });
    }

    /** The thread. */
    public Thread thread() {
        return thread;
    }

    /** The thread's name. */
    public String name() {
        return thread.getName();
    }

    /** From now on this thread does this. */
    public void enters(Look look) {
        tell(Entry.Kind.ENTERS, look, "");
    }

    /** This happened to this thread now. */
    public void marks(Look look, Object text) {
        tell(Entry.Kind.MARKS, look, String.valueOf(text));
    }

    private void tell(Entry.Kind kind, Look look, String text) {
        Entry entry = new Entry(System.nanoTime(), kind, look.name(), text);
        crew.tell(() -> entries.add(entry));
    }

    /** All it has told so far, in order. */
    public List<Entry> entries() {
        return crew.look(() -> List.copyOf(entries));
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
        return !isDone()
                && entries().reversed().stream()
                        .filter(entry -> entry.kind() == Entry.Kind.ENTERS)
                        .findFirst()
                        .filter(entry -> entry.is(look))
                        .isPresent();
    }

    /** When it was started, on {@link System#nanoTime()}'s clock. */
    public long startedNanos() {
        return startedNanos;
    }

    /** When it ended, or now if it has not. */
    public long endedNanos() {
        return crew.look(() -> endedNanos == 0 ? System.nanoTime() : endedNanos);
    }

    boolean isDone() {
        return crew.look(() -> endedNanos != 0);
    }

    Optional<Throwable> failure() {
        return crew.look(() -> Optional.ofNullable(failure));
    }

    /** Its lane in a picture, from its start until its end. */
    public Lanes.Lane lane(Class<? extends Look> looks, Label label, String ending) {
        return Part.lane(entries(), endedNanos(), startedNanos, looks, label, ending);
    }
}
