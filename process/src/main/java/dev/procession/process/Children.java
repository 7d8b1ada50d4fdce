package dev.procession.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The running children of this JVM, and what becomes of them when it ends in good order: by {@code System.exit}, by
 * SIGINT or SIGTERM, or because no non-daemon thread is left. They are asked to end, and killed if they have not after
 * {@link #GRACE}. (When it ends otherwise, {@link ParentWatch} in each child sees to it.)
 *
 * <p>A non-daemon child is awaited by means of the thread that attends it: that one is a non-daemon thread.
 */
final class Children {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Children OURS = new Children();

    /** In order of their start. Guarded by this. */
    private final Set<ChildProcess> running = new LinkedHashSet<>();

    /** What stage of life this JVM is in, as far as children go. Guarded by this. */
    private Stage stage = Stage.CHILDLESS;

    private enum Stage {
        /** None was ever started: no shutdown hook yet. */
        CHILDLESS,
        OPEN,
        ENDING
    }

    /** Whether somebody watches for the end of this JVM's own work. Guarded by this. */
    private boolean workWatched;

    private Children() {}

    static Children ours() {
        return OURS;
    }

    /**
     * Asks leave to start a child.
     *
     * @throws IllegalStateException if this JVM may not have one, now or ever
     */
    synchronized void ensureAllowed(String name, Lineage.Ending ending) {
        if (Lineage.current().ending() == Lineage.Ending.DAEMON) {
            throw new IllegalStateException(
                    "a daemon child cannot start children, since nothing would end them in good "
                            + "order: current=" + Lineage.current().self() + ", child=" + name + ", daemon="
                            + (ending == Lineage.Ending.DAEMON));
        }
        if (stage == Stage.CHILDLESS) {
            try {
                Runtime.getRuntime().addShutdownHook(new Thread(this::endAll, "procession-shutdown"));
                stage = Stage.OPEN;
            } catch (IllegalStateException _) {
                stage = Stage.ENDING;
            }
        }
        if (stage == Stage.ENDING) {
            throw new IllegalStateException("this JVM is ending and starts no more children: child=" + name);
        }
    }

    /** Takes a child in. One that was started while this JVM began to end is ended at once. */
    void add(ChildProcess child) {
        boolean tooLate;
        synchronized (this) {
            running.add(child);
            tooLate = stage == Stage.ENDING;
            if (child.isDaemon() && !workWatched) {
                workWatched = true;
                WorkWatch.start(this::endDaemons);
            }
        }
        if (tooLate) {
            child.kill();
        }
    }

    synchronized void remove(ChildProcess child) {
        running.remove(child);
    }

    synchronized List<ChildProcess> active() {
        return List.copyOf(running);
    }

    private void endDaemons() {
        List<ChildProcess> daemons;
        synchronized (this) {
            workWatched = false;
            daemons = running.stream().filter(ChildProcess::isDaemon).toList();
        }
        end(daemons);
    }

    private void endAll() {
        List<ChildProcess> last;
        synchronized (this) {
            stage = Stage.ENDING;
            last = active();
        }
        end(last);
    }

    /** Ends children within {@link #GRACE}: a signal that can be answered, then one that cannot. */
    static void end(List<ChildProcess> children) {
        children.forEach(ChildProcess::terminate);
        try {
            CompletableFuture.allOf(children.stream().map(ChildProcess::gone).toArray(CompletableFuture<?>[]::new))
                    .get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            children.forEach(ChildProcess::kill);
        } catch (InterruptedException _) {
            children.forEach(ChildProcess::kill);
            Thread.currentThread().interrupt();
        }
    }
}
