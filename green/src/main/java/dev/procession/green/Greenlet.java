package dev.procession.green;

import dev.procession.green.engine.Coroutine;
import dev.procession.green.engine.PinnedException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function that can stop in the middle and hand a value to whichever greenlet it names, which goes on where it stopped.
 * Python's {@code greenlet}, by its rules:
 *
 * <ul>
 *   <li>{@link #switchTo} goes to this greenlet and waits. It returns the value that somebody passes when switching back. The
 *       first switch starts the function with the value as its argument.
 *   <li>When the function returns, its value goes to the greenlet's {@link #parent}; what it throws is thrown in the parent. A
 *       {@link GreenletExit} is passed as a value.
 *   <li>A greenlet that has ended hands all that is sent to it on to its parent.
 *   <li>Each thread, platform or virtual, has a main greenlet, the parent of all by default. Greenlets of one thread switch
 *       among each other only.
 * </ul>
 *
 * <p><b>Blocking.</b> A switch takes no time of its own and cannot be interrupted. Ordinary blocking calls block the thread
 * and so all its greenlets, as in Python. To switch inside {@code synchronized}, a class initializer or a call that came from
 * native code is an error that names the frame: the monitor's owner is the thread, so the next greenlet would walk in. Locks
 * of {@code java.util.concurrent} belong to the thread as well; do not hold one across a switch.
 *
 * <p><b>Ending.</b> {@link #close} throws a {@link GreenletExit} into the function, so its {@code finally} blocks run. Python
 * does that also when the last reference to a greenlet goes. Here a dropped one cannot be run again: a warning names it and
 * the place where it was made. {@link GreenletScope} closes all at its end.
 *
 * <p>Values may be null. Scoped values that the function binds are its own, and it sees none of those who switch to it.
 * Not safe for use by other threads than its own; they are told apart and refused.
 *
 * <p>Source: Armin Rigo's greenlets, {@code greenlet} 2.0; {@code test_greenlet.py} and {@code test_throw.py} there.
 */
public final class Greenlet implements AutoCloseable {
    final Strand strand;

    /** Null for a main greenlet. */
    private final @Nullable Function<@Nullable Object, ? extends @Nullable Object> body;

    private final @Nullable Throwable creation;
    private @Nullable Greenlet parent;
    private GreenletState state;
    private @Nullable Coroutine coroutine;

    /** Who gets the value in the parent's place: the one that closes this greenlet, while it does. */
    private @Nullable Greenlet heir;

    /** Made when the greenlet is first left before its end. */
    private @Nullable DropReport dropReport;

    /** The main greenlet of a thread. */
    Greenlet(Strand strand) {
        this.strand = strand;
        body = null;
        creation = null;
        state = GreenletState.ACTIVE;
    }

    Greenlet(Strand strand, Greenlet parent, Function<@Nullable Object, ? extends @Nullable Object> body) {
        this.strand = strand;
        this.parent = parent;
        this.body = body;
        creation = DropReport.creationOfNext();
        state = GreenletState.NEW;
    }

    /**
     * Makes a greenlet of the current thread; its parent is the {@linkplain #current current} greenlet. It starts when first
     * switched to.
     *
     * @param body gets the first value switched in, and returns the value for the parent
     * @return a greenlet that has not started
     */
    public static Greenlet of(Function<@Nullable Object, ? extends @Nullable Object> body) {
        Objects.requireNonNull(body, "body");
        return Strand.current().newGreenlet(body);
    }

    /**
     * The greenlet that runs.
     *
     * @return the thread's main greenlet where no other was switched to
     */
    public static Greenlet current() {
        return Strand.current().running();
    }

    /**
     * Switches to this greenlet, or to its first living ancestor if it has ended.
     *
     * @param value what this greenlet gets: from its own switch, or as its argument if it starts
     * @return what the current greenlet gets when it is switched to again
     * @throws GreenletException if this greenlet is of another thread, or the current one is held where it is
     */
    public @Nullable Object switchTo(@Nullable Object value) {
        return strand.transfer(this, value, null);
    }

    /**
     * Switches to this greenlet with nothing to hand over.
     *
     * @return what the current greenlet gets when it is switched to again
     * @throws GreenletException if this greenlet is of another thread, or the current one is held where it is
     */
    public @Nullable Object switchTo() {
        return switchTo(null);
    }

    /**
     * Switches to this greenlet and throws there: out of its own switch. One that has not started ends without starting, and
     * the exception is thrown in its parent; one that has ended hands it on to its parent. A {@link GreenletExit} that reaches
     * the end of a greenlet is passed to the parent as a value.
     *
     * @param thrown what to throw; also a checked exception arrives as it is
     * @return what the current greenlet gets when it is switched to again
     * @throws GreenletException if this greenlet is of another thread, or the current one is held where it is
     */
    public @Nullable Object throwInto(Throwable thrown) {
        return strand.transfer(this, null, Objects.requireNonNull(thrown, "thrown"));
    }

    /**
     * Ends this greenlet: throws a {@link GreenletExit} into it and waits until it ends or switches elsewhere. Its
     * {@code finally} blocks run. Does nothing to one that has ended, to the current one and to a main greenlet.
     *
     * @throws GreenletException if this greenlet is of another thread, or the current one is held where it is
     */
    @Override
    public void close() {
        if (!isDead() && parent != null && strand.running() != this) {
            heir = strand.running();
            try {
                throwInto(new GreenletExit());
            } finally {
                heir = null;
            }
        }
    }

    /**
     * Tells whether this greenlet has ended.
     *
     * @return true once its function returned or threw
     */
    public boolean isDead() {
        return state == GreenletState.DEAD;
    }

    /**
     * Tells whether this greenlet has started and not ended. Python asks {@code bool(greenlet)}.
     *
     * @return whether it is under way
     */
    public boolean isActive() {
        return state == GreenletState.ACTIVE;
    }

    /**
     * Who gets the value of this greenlet's function.
     *
     * @return the parent; null for a main greenlet
     */
    public @Nullable Greenlet parent() {
        return parent;
    }

    /**
     * Changes who gets the value of this greenlet's function.
     *
     * @param newParent a greenlet of the same thread
     * @throws IllegalArgumentException if this greenlet is among the new parent's ancestors, or that one is of another thread
     * @throws IllegalStateException if this is a main greenlet
     */
    public void setParent(Greenlet newParent) {
        Objects.requireNonNull(newParent, "newParent");
        if (parent == null) {
            throw new IllegalStateException("a main greenlet has no parent");
        }
        if (newParent.strand != strand) {
            throw new IllegalArgumentException(
                    "parent cannot be on a different thread: this=" + this + ", parent=" + newParent);
        }
        for (Greenlet ancestor = newParent; ancestor != null; ancestor = ancestor.parent) {
            if (ancestor == this) {
                throw new IllegalArgumentException("cyclic parent chain: " + this + " is an ancestor of " + newParent);
            }
        }
        parent = newParent;
    }

    /** Who gets what is sent to this greenlet after its end, and the value of its function. */
    Greenlet successor() {
        return heir != null ? heir : Objects.requireNonNull(parent, "a main greenlet does not end");
    }

    /** Ends a greenlet that has not started. */
    boolean endUnstarted() {
        if (state != GreenletState.NEW) {
            return false;
        }
        end();
        return true;
    }

    /** Runs until this greenlet is left or ends. Called on the strand's root. */
    void run() {
        Coroutine own = coroutine;
        if (own == null) {
            own = Coroutine.of(Objects.requireNonNull(body).getClass(), () -> strand.runBody(this, body));
            coroutine = own;
            state = GreenletState.ACTIVE;
        }
        own.run();
    }

    /**
     * Leaves this greenlet, which is running, until it is run again.
     *
     * @throws PinnedException if something on its stack holds it
     */
    void leave() {
        if (dropReport == null) {
            dropReport = DropReport.watch(this, creation);
        }
        Objects.requireNonNull(coroutine).suspend();
    }

    void end() {
        state = GreenletState.DEAD;
        if (dropReport != null) {
            dropReport.cancel();
        }
        strand.ended(this);
    }

    @Nullable
    Throwable creation() {
        return creation;
    }

    @Override
    public String toString() {
        return "greenlet " + Integer.toHexString(System.identityHashCode(this)) + " of " + strand
                + (parent == null ? ", main" : ", " + state.toString().toLowerCase(Locale.ROOT));
    }
}
