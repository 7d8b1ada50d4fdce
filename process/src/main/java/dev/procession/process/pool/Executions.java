package dev.procession.process.pool;

import dev.procession.core.spi.PoolTask;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Kills workers for a task that does not end when it is told to.
 *
 * <pre>
 *   doomed ---> asked what its threads are at ---> it tells, or 500 ms pass ---> the future fails, SIGKILL to the tree
 *          \\--> nobody is left to be told: at once --------------------------------------^
 * </pre>
 *
 * <p>A call whose worker replies meanwhile is spared.
 */
final class Executions {
    private static final long DUMP_MILLIS = 500;

    private final Dispatcher dispatcher;

    /** Those whose last words are awaited. */
    private final Map<Long, Call> awaited = new ConcurrentHashMap<>();

    Executions(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void kill(PoolTask<?> task) {
        Call call = dispatcher.doomed(task);
        if (call == null) {
            return;
        }
        if (task.future().isDone()) {
            dispatcher.crew().later(0, TimeUnit.SECONDS, () -> strike(call, null));
            return;
        }
        awaited.put(call.number(), call);
        Link link = call.link;
        if (link != null) {
            link.channel.orders().dump(call.offer);
        }
        dispatcher.crew().later(DUMP_MILLIS, TimeUnit.MILLISECONDS, () -> strikeAwaited(call, null));
    }

    /** A worker has told what its threads are at. */
    void told(Call call, Throwable stuck) {
        dispatcher.crew().later(0, TimeUnit.SECONDS, () -> strikeAwaited(call, stuck));
    }

    private void strikeAwaited(Call call, @Nullable Throwable stuck) {
        if (awaited.remove(call.number(), call)) {
            strike(call, stuck);
        }
    }

    private void strike(Call call, @Nullable Throwable stuck) {
        Link link = dispatcher.condemn(call);
        if (link != null) {
            boolean _ = call.task.giveUp(call.task.deadlineFailure(stuck));
            link.process.killTree();
        }
    }
}
