package dev.procession.process.pool;

import dev.procession.core.Progress;
import dev.procession.core.spi.TaskScope;
import dev.procession.process.pool.Wire.Told;
import java.time.Instant;
import java.util.function.Consumer;

/** A call that the submitting thread makes itself, because the queue is full. */
final class CallerRun {
    private CallerRun() {}

    static void run(Call call, Consumer<Call> whenEnded) {
        var told = new Told(call.task.name(), call.task.options().deadline().map(Instant.now()::plus));
        var running = new RunningTask(0, told, 0, new RunningTask.Sink() {
            @Override
            public void progress(long offer, Progress newest) {
                call.task.progress(newest);
            }

            @Override
            public void onUnsent() {
                // The last one is told at the end.
            }
        });
        call.inCaller = running;
        if (!call.task.start()) {
            whenEnded.accept(call);
            return;
        }
        Object value = null;
        Throwable failure = null;
        try {
            value = TaskScope.call(running, call.task.call());
        } catch (Throwable thrown) {
            failure = thrown;
        }
        running.end();
        whenEnded.accept(call);
        boolean _ = failure == null ? call.task.succeed(value) : call.task.fail(failure);
    }
}
