package dev.procession.green;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** How an {@link EventLoop} is to be. Made by {@link EventLoop#builder}; one may build many loops. Not thread-safe. */
public final class EventLoopBuilder {
    @Nullable
    String name;

    boolean virtual;

    @Nullable
    Long seed;

    Duration slowTurn = Duration.ofMillis(50);
    final List<ScopedValue<?>> inherited = new ArrayList<>();
    BiConsumer<String, Throwable> onError =
            (what, error) -> System.getLogger("dev.procession.green").log(System.Logger.Level.WARNING, what, error);

    EventLoopBuilder() {}

    /**
     * Names the loop, and its thread.
     *
     * @param name the name
     * @return this
     */
    public EventLoopBuilder name(String name) {
        this.name = Objects.requireNonNull(name, "name");
        return this;
    }

    /**
     * Gives the loop a clock that starts at zero and stands still while anything can run, then jumps to the next timer.
     * A task in a blocking call of the JDK and work outside the loop keep it from jumping; {@link EventLoop#describe}
     * names them, and a warning does after a second.
     *
     * @return this
     */
    public EventLoopBuilder virtualClock() {
        virtual = true;
        return this;
    }

    /**
     * Mixes the order of each round.
     *
     * @param seed the same seed, the same order
     * @return this
     */
    public EventLoopBuilder shuffle(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Sets how long a turn may take before it is reported; 50 ms if this is not called.
     *
     * @param longest the longest time that is not
     * @return this
     */
    public EventLoopBuilder slowTurn(Duration longest) {
        slowTurn = Objects.requireNonNull(longest, "longest");
        return this;
    }

    /**
     * Gives tasks the values that these have where the task is started. Engines that use the inside of the JDK do that
     * for all scoped values without being asked.
     *
     * @param values what tasks inherit
     * @return this
     */
    public EventLoopBuilder inherit(ScopedValue<?>... values) {
        inherited.addAll(List.of(values));
        return this;
    }

    /**
     * Sets who is told of errors that reach nobody: what callbacks throw, and failures of tasks that nobody asked for. A
     * warning in the log if this is not called.
     *
     * @param handler gets what happened, and the error; called on the loop
     * @return this
     */
    public EventLoopBuilder onError(BiConsumer<String, Throwable> handler) {
        onError = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /**
     * Makes the loop.
     *
     * @return a loop that does not run yet
     */
    public EventLoop build() {
        return new EventLoop(this);
    }
}
