package dev.procession.process.pool;

import dev.procession.core.Progress;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.spi.PoolTask;
import dev.procession.shm.channel.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A pool's inside as its outside sees it; and what becomes of what workers say, and of their deaths. */
public final class Engine implements Link.Listener {
    private static final AtomicLong BROADCASTS = new AtomicLong();

    private final String pool;
    private final Dispatcher dispatcher;
    private final Crew crew;
    private final Executions executions;
    private final Failures failures;
    private final Runnable onRestart;
    private final ClassLoader loader;
    private final Presence presence;

    /**
     * Starts the workers.
     *
     * @param settings what the builder chose
     * @param starter makes their processes
     * @param failures how failures travel
     * @param onRestart counts a worker that was replaced
     */
    public Engine(PoolSettings settings, WorkerProcess.Starter starter, Failures failures, Runnable onRestart) {
        this.pool = settings.name();
        this.failures = failures;
        this.onRestart = onRestart;
        this.loader = Objects.requireNonNullElse(
                Thread.currentThread().getContextClassLoader(), ClassLoader.getSystemClassLoader());
        this.dispatcher = new Dispatcher(settings, this, starter);
        this.crew = dispatcher.crew();
        this.executions = new Executions(dispatcher);
        this.presence = new Presence(settings.name(), dispatcher::hasCalls);
    }

    /** Starts the first workers. */
    public void begin() {
        dispatcher.change(crew::begin);
    }

    // ---- what a pool is asked

    public void enqueue(PoolTask<?> task) {
        dispatcher.enqueue(task);
        presence.ensure();
    }

    public void withdraw(PoolTask<?> task) {
        dispatcher.withdraw(task);
    }

    public void interrupt(PoolTask<?> task) {
        dispatcher.interrupt(task);
    }

    public void kill(PoolTask<?> task) {
        executions.kill(task);
    }

    /** Whether a worker has begun on a task. */
    public boolean hasBegun(PoolTask<?> task) {
        return dispatcher.hasBegun(task);
    }

    /** Looks for a task's outcome for a moment, on a thread that has nothing better to do than wait for it. */
    public void assist(PoolTask<?> task) {
        Link link = dispatcher.onlyOneOf(task);
        if (link != null) {
            link.assist(task.future());
        }
    }

    public int maxWorkers() {
        return crew.maxWorkers();
    }

    public void resize(int min, int max) {
        dispatcher.change(plan -> crew.resize(min, max, plan));
    }

    public void shutDown() {
        dispatcher.shutDown();
    }

    /**
     * Takes no more calls, and gives back those that wait.
     *
     * @return the tasks that never ran; and those that run were told to stop
     */
    public List<PoolTask<?>> stop() {
        Dispatcher.Stopped stopped = dispatcher.stop();
        stopped.running().forEach(PoolTask::askToStop);
        dispatcher.change(crew::adjust);
        return stopped.waiting();
    }

    public boolean isShutDown() {
        return dispatcher.phase() != Dispatcher.Phase.OPEN;
    }

    public boolean isTerminated() {
        return crew.isTerminated();
    }

    /** Waits until all workers are gone. */
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return crew.awaitTermination(timeout, unit) && presence.end();
    }

    /** Gives a value to all workers, before the next call each gets. */
    public long broadcast(Encoded value) {
        long key = BROADCASTS.incrementAndGet();
        dispatcher.broadcast(key, value);
        return key;
    }

    /** Takes it from them. */
    public void dropBroadcast(long key) {
        dispatcher.dropBroadcast(key);
    }

    void countRestart() {
        onRestart.run();
    }

    // ---- what workers say

    @Override
    public void onFrame(Link link, Frame frame) {
        switch (frame.kind()) {
            case Wire.READY -> dispatcher.change(plan -> crew.ready(link, plan));
            case Wire.UNFIT -> {
                Throwable failure = failures.decode(frame.parts().getFirst().array());
                dispatcher.change(plan -> crew.unfit(link, failure, plan));
            }
            case Wire.DONE, Wire.FAILED -> {
                Call call = dispatcher.replied(link, frame.number());
                if (call != null) {
                    TaskEvent.emit(pool, call, link, frame.kind() == Wire.DONE ? "returned" : "threw");
                    end(call, frame);
                }
            }
            case Wire.WORN -> dispatcher.worn(link);
            case Wire.PROGRESS -> {
                Call call = dispatcher.callOf(link, frame.number());
                if (call != null
                        && Codec.standard().open(frame.parts().getFirst(), loader) instanceof Progress progress) {
                    call.task.progress(progress);
                }
            }
            case Wire.DUMP -> {
                Call call = dispatcher.callOf(link, frame.number());
                if (call != null) {
                    executions.told(
                            call, failures.decode(frame.parts().getFirst().array()));
                }
            }
            default -> throw new IllegalStateException("not a frame of a worker: kind=" + frame.kind());
        }
    }

    private void end(Call call, Frame frame) {
        Object value;
        try {
            if (frame.lost() != null) {
                throw frame.lost();
            }
            if (frame.kind() == Wire.FAILED) {
                boolean _ =
                        call.task.fail(failures.decode(frame.parts().getFirst().array()));
                return;
            }
            value = Codec.standard().open(frame.parts().getFirst(), loader);
        } catch (Throwable e) { // rebuilding runs code of the value's class, which may throw anything
            boolean _ = call.task.fail(e);
            return;
        }
        boolean _ = call.task.succeed(value);
    }

    // ---- a worker's end

    /** On the thread that read its replies, which has nothing else to do any more. */
    @Override
    public void onEnd(Link link) {
        List<Call> ended = new ArrayList<>();
        Dispatcher.Death death = dispatcher.died(link);
        WorkerEndEvent.emit(pool, link, death);
        if (death.before() == Link.Stage.STARTING) {
            var obituary = Obituary.of(link);
            dispatcher.change(plan -> crew.diedInStart(obituary, plan));
        }
        if (!death.lost().isEmpty()) {
            var obituary = Obituary.of(link);
            for (Call call : death.lost()) {
                TaskEvent.emit(pool, call, link, "died");
                if (!dispatcher.retry(call, link)) {
                    boolean _ = call.task.giveUp(obituary.exception(call));
                    ended.add(call);
                }
            }
        }
        CompletableFuture<Void> _ = link.process.gone().handle((_, _) -> {
            ended.forEach(call -> call.task.gone());
            crew.gone(link);
            return null;
        });
    }
}
