package dev.procession.green;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends all greenlets that the current thread made while it was open, in a {@code try} statement. Each that is still suspended
 * at the end is closed, in the order they were made, and a warning names it and where it was made. Those that never started
 * are dropped in silence.
 *
 * <p>Belongs to one thread; scopes nest.
 */
public final class GreenletScope implements AutoCloseable {
    private final Strand strand;
    private final @Nullable GreenletScope outer;
    private final Set<Greenlet> members = new LinkedHashSet<>();
    private boolean closed;

    private GreenletScope(Strand strand) {
        this.strand = strand;
        this.outer = strand.scope();
    }

    /**
     * Opens a scope.
     *
     * @return the scope, to be closed by this thread before any scope around it
     */
    public static GreenletScope open() {
        Strand strand = Strand.current();
        GreenletScope scope = new GreenletScope(strand);
        strand.enter(scope);
        return scope;
    }

    /**
     * Ends what is left. An exception that a greenlet throws at its end is thrown when all have ended, with later ones
     * suppressed in it.
     *
     * @throws IllegalStateException if another thread calls, or a scope inside this one is open
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Strand.current() != strand || strand.scope() != this) {
            throw new IllegalStateException("a greenlet scope is closed by its own thread, after the scopes inside it");
        }
        closed = true;
        RuntimeException first = null;
        for (Greenlet member : new ArrayList<>(members)) {
            try {
                end(member);
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        strand.enter(outer);
        if (first != null) {
            throw first;
        }
    }

    private static void end(Greenlet member) {
        if (member.isActive()) {
            DropReport.log(
                    member.toString(), "still suspended at the end of its scope, and is ended now", member.creation());
        }
        member.close();
    }

    void add(Greenlet greenlet) {
        members.add(greenlet);
    }

    void remove(Greenlet greenlet) {
        members.remove(greenlet);
    }

    @Nullable
    GreenletScope outer() {
        return outer;
    }
}
