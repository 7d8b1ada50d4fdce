package dev.procession.process.pool;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker keeps from task to task: made before its first one, ended after its last. One a process, since a process
 * is a worker of one pool at most.
 */
public final class WorkerState {
    private static final System.Logger LOG = System.getLogger("dev.procession.process");

    private static volatile @Nullable WorkerState current;

    private @Nullable Object state;
    private @Nullable Consumer<@Nullable Object> exit;
    private @Nullable Function<@Nullable Object, Boolean> wear;

    WorkerState() {}

    /** Whether this process is a worker that is set up. */
    public static boolean isHere() {
        return current != null;
    }

    /** The state of the worker this process is; null if it has none. */
    public static @Nullable Object value() {
        WorkerState here = current;
        return here == null ? null : here.state;
    }

    /** Makes it; gives what went wrong. */
    @SuppressWarnings("unchecked") // the builder of the pool saw to the types
    Optional<Throwable> begin(Encoded init, Encoded exit, Encoded wear, ClassLoader loader) {
        try {
            var supplier = (Supplier<?>) Codec.standard().open(init, loader);
            this.exit = (Consumer<@Nullable Object>) Codec.standard().open(exit, loader);
            this.wear = (Function<@Nullable Object, Boolean>) Codec.standard().open(wear, loader);
            state = supplier == null ? null : supplier.get();
            current = this;
            return Optional.empty();
        } catch (Throwable thrown) {
            return Optional.of(thrown);
        }
    }

    /** Whether this worker is to be replaced. One that cannot tell is. */
    boolean isWorn() {
        if (wear == null) {
            return false;
        }
        try {
            return wear.apply(state);
        } catch (RuntimeException | Error thrown) {
            LOG.log(System.Logger.Level.WARNING, "what tells whether a worker is to be replaced threw", thrown);
            return true;
        }
    }

    /** Ends it. What goes wrong is told in the log: nobody waits for it. */
    void end() {
        if (exit != null && current != null) {
            try {
                exit.accept(state);
            } catch (RuntimeException | Error thrown) {
                LOG.log(System.Logger.Level.WARNING, "the exit of a worker's state threw", thrown);
            }
        }
    }
}
