package dev.procession.green;

import dev.procession.green.engine.PinnedException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All greenlets of one thread. One of them runs, and only it touches this.
 *
 * <p>Every greenlet but the main one is run from the main one's stack: to switch between two others, the first is left, which
 * brings {@link #runOthers} back, and that runs the second. So no greenlet stands on another's stack.
 */
final class Strand {
    private static final ThreadLocal<Strand> CURRENT = ThreadLocal.withInitial(Strand::new);

    private final String name;
    private final Greenlet main;
    private Greenlet running;

    /** The thread on which {@link #running} runs: not the same for all where greenlets are threads. */
    private Thread thread;

    private @Nullable GreenletScope scope;

    // What is on its way to the next greenlet.
    private Greenlet next;
    private @Nullable Object value;
    private @Nullable Throwable thrown;

    private Strand() {
        thread = Thread.currentThread();
        name = thread.getName().isEmpty() ? "thread " + thread.threadId() : thread.getName();
        main = new Greenlet(this);
        running = main;
        next = main;
    }

    static Strand current() {
        return CURRENT.get();
    }

    Greenlet running() {
        return running;
    }

    Greenlet newGreenlet(Function<@Nullable Object, ? extends @Nullable Object> body) {
        Greenlet greenlet = new Greenlet(this, running, body);
        if (scope != null) {
            scope.add(greenlet);
        }
        return greenlet;
    }

    /** Switches from the running greenlet to another; returns when that one is switched to again. */
    @Nullable
    Object transfer(Greenlet target, @Nullable Object sent, @Nullable Throwable error) {
        if (Thread.currentThread() != thread) {
            throw new GreenletException("cannot switch to a different thread: target=" + target + ", current thread="
                    + Thread.currentThread().getName());
        }
        send(target, sent, error);
        Greenlet self = running;
        if (next != self) {
            if (self == main) {
                runOthers();
            } else {
                try {
                    self.leave();
                } catch (PinnedException pinned) {
                    next = self;
                    value = null;
                    thrown = null;
                    throw new GreenletException("cannot switch away from " + self + ": " + pinned.getMessage(), pinned);
                }
            }
            running = self;
            thread = Thread.currentThread();
        }
        return receive();
    }

    /** Settles who is next: the dead pass everything on, and who gets an exception before the start is dead. */
    private void send(Greenlet target, @Nullable Object sent, @Nullable Throwable error) {
        Greenlet receiver = target;
        Object result = sent;
        Throwable failure = error;
        while (receiver.isDead() || (failure != null && receiver.endUnstarted())) {
            if (failure instanceof GreenletExit exit) {
                result = exit;
                failure = null;
            }
            receiver = receiver.successor();
        }
        next = receiver;
        value = result;
        thrown = failure;
    }

    private @Nullable Object receive() {
        Object received = value;
        Throwable error = thrown;
        value = null;
        thrown = null;
        if (error != null) {
            throw Strand.<RuntimeException>unchecked(error);
        }
        return received;
    }

    /** On the main greenlet's stack: runs whoever is next until that is the main greenlet. */
    private void runOthers() {
        while (next != main) {
            running = next;
            next.run();
        }
    }

    /** The whole life of a greenlet, on its own stack. */
    void runBody(Greenlet greenlet, Function<@Nullable Object, ? extends @Nullable Object> body) {
        CURRENT.set(this);
        thread = Thread.currentThread();
        Object result = null;
        Throwable error = null;
        try {
            result = body.apply(receive());
        } catch (GreenletExit exit) {
            result = exit;
        } catch (Throwable failure) {
            error = failure;
        }
        Greenlet successor = greenlet.successor();
        greenlet.end();
        send(successor, result, error);
    }

    void ended(Greenlet greenlet) {
        for (GreenletScope each = scope; each != null; each = each.outer()) {
            each.remove(greenlet);
        }
    }

    @Nullable
    GreenletScope scope() {
        return scope;
    }

    void enter(@Nullable GreenletScope inner) {
        scope = inner;
    }

    /** Throws as it is what may be checked: the thrower is not the one whose signature would tell. */
    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException unchecked(Throwable thrown) throws X {
        throw (X) Objects.requireNonNull(thrown);
    }

    @Override
    public String toString() {
        return name;
    }
}
