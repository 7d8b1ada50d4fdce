package dev.procession.process.pool;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.codec.UnencodableException;
import dev.procession.core.spi.PoolTask;
import dev.procession.process.pool.Wire.Terms;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way: its bytes, and where it is.
 *
 * <pre>
 *   in the backlog           link == null
 *   offered to a worker      link != null, its claim is OFFERED: can be had back
 *   run by a worker          link != null, its claim is TAKEN: ends with a reply, or with the worker
 * </pre>
 */
final class Call {
    private static final int SMALL_BYTES = 4096;

    final PoolTask<?> task;
    final Encoded work;
    final @Nullable Encoded terms;

    // Guarded by the dispatcher's lock.

    /** It has left the backlog, which must learn of its end. */
    boolean polled;

    @Nullable
    Link link;

    /** Its number with that worker. */
    long offer;

    /** How many workers have died with it. */
    int deaths;

    /** When a worker was free for it, by nanoTime. */
    long startedNanos;

    /** The thread that submitted it makes it. Written before the task is started. */
    volatile @Nullable RunningTask inCaller;

    /** Its worker is being killed because of it, so the death is no reason to run it again. */
    boolean killed;

    private Call(PoolTask<?> task, Encoded work, @Nullable Encoded terms) {
        this.task = task;
        this.work = work;
        this.terms = terms;
    }

    /**
     * Makes a task's bytes, in the thread that submits it.
     *
     * @throws UnencodableException if it cannot travel
     */
    static Call of(PoolTask<?> task) {
        Encoded work = Codec.standard().prepare(task.call());
        boolean plain =
                task.options().name().isEmpty() && task.options().deadline().isEmpty();
        Encoded terms =
                plain ? null : new Terms(task.name(), task.options().deadline().orElse(null)).encode();
        return new Call(task, work, terms);
    }

    long number() {
        return task.number();
    }

    /** Whether it may be sent to a worker that is still busy: quick to have back, and not in haste. */
    boolean mayWaitWithAWorker() {
        return work.arraySize() <= SMALL_BYTES && task.options().deadline().isEmpty() && deaths == 0;
    }
}
