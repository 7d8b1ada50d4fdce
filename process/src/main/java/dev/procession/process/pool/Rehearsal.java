package dev.procession.process.pool;

import dev.procession.core.Progress;
import dev.procession.core.SerializableCallable;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.spi.TaskScope;
import dev.procession.process.pool.Wire.Told;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A task that a worker gives itself while it has none, once: a JVM takes milliseconds to do for the first time what it does in
 * microseconds later, and a spare has them to spare. It touches what a task of the pool touches, but for the channel.
 */
final class Rehearsal {
    private static final long NO_OFFER = -1;

    private static final RunningTask.Sink NOBODY = new RunningTask.Sink() {
        @Override
        public void progress(long offer, Progress newest) {}

        @Override
        public void onUnsent() {}
    };

    private Rehearsal() {}

    /** Does it. What fails here is for a real task to find out. */
    static void play(Codec codec, ClassLoader loader, int worker) {
        var task = new RunningTask(NO_OFFER, new Told("rehearsal", Optional.empty()), worker, NOBODY);
        SerializableCallable<Integer> part = () -> worker;
        try {
            Encoded sent = codec.prepare(part);
            var received = (Callable<?>) codec.open(Encoded.of(sent.toByteArray()), loader);
            Encoded _ = codec.prepare(received == null ? null : TaskScope.call(task, received));
        } catch (Exception _) {
            return;
        } finally {
            task.end();
        }
    }
}
