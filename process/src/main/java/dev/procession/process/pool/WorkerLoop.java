package dev.procession.process.pool;

import dev.procession.core.Progress;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.core.spi.TaskScope;
import dev.procession.process.StuckTaskException;
import dev.procession.process.pool.Wire.Told;
import dev.procession.shm.channel.Channel;
import dev.procession.shm.channel.Frame;
import dev.procession.shm.channel.PeerGoneException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A worker from inside: reads what its pool sends, makes the calls one after the other on the thread it runs on, and
 * replies. What a call throws is its reply; so is that its result cannot travel.
 *
 * <p>What ends it: END from the pool. What ends it otherwise ends the process, and the pool finds out: so nothing here tries
 * to survive what a JVM does not survive.
 */
public final class WorkerLoop {
    private static final Codec CODEC = Codec.standard();

    private final Channel channel;
    private final int number;
    private final Failures failures;
    private final ClassLoader loader;
    private final WorkerState state;
    private final WorkerListener listener;
    private final RunningTask.Sink progress = new RunningTask.Sink() {
        @Override
        public void progress(long offer, Progress newest) {
            tell(Wire.PROGRESS, offer, CODEC.prepare(newest));
        }

        @Override
        public void onUnsent() {
            channel.orders().ring();
        }
    };

    /** The pool was told that this worker begins on no more calls. By the thread of the tasks alone. */
    private boolean worn;

    /** Tasks may come from now on. By the thread of the tasks alone. */
    private boolean ready;

    private boolean rehearsed;

    /** Set by the thread of the tasks, read by the listener and by whoever prints. */
    private volatile @Nullable RunningTask current;

    private WorkerLoop(Channel channel, int number, Failures failures) {
        this.channel = channel;
        this.number = number;
        this.failures = failures;
        this.loader = Objects.requireNonNullElse(
                Thread.currentThread().getContextClassLoader(), ClassLoader.getSystemClassLoader());
        this.state = new WorkerState();
        this.listener = new WorkerListener(channel, this);
    }

    /**
     * Works until the pool has no more for this process.
     *
     * @param path of the channel to the pool
     * @param number of this worker in its pool
     * @param failures how failures travel
     * @throws IOException if the pool is gone
     */
    public static void run(String path, int number, Failures failures) throws IOException {
        Channel channel = Channel.attach(path);
        var worker = new WorkerLoop(channel, number, failures);
        System.setOut(TaskOutput.over(System.out, worker::current));
        System.setErr(TaskOutput.over(System.err, worker::current));
        worker.listener.start();
        try {
            worker.work();
        } catch (PeerGoneException e) {
            throw new IOException("the channel to the pool broke", e);
        }
    }

    @Nullable
    RunningTask current() {
        return current;
    }

    private void work() throws PeerGoneException {
        while (true) {
            Frame frame = channel.receiver().take();
            if (frame == null) {
                if (channel.receiver().look()) {
                    continue;
                }
                if (ready && !rehearsed) {
                    rehearsed = true;
                    Rehearsal.play(CODEC, loader, number);
                } else {
                    boolean _ = channel.receiver().await(Long.MAX_VALUE);
                }
                continue;
            }
            switch (frame.kind()) {
                case Wire.SETUP -> setUp(frame);
                case Wire.TASK -> call(frame);
                case Wire.SHARE ->
                    Broadcasts.receive(frame.number(), frame.parts().getFirst(), loader);
                case Wire.DROP -> Broadcasts.drop(frame.number());
                case Wire.END -> {
                    end();
                    return;
                }
                default -> throw new IllegalStateException("not a frame for a worker: kind=" + frame.kind());
            }
        }
    }

    private void setUp(Frame frame) {
        Encoded failure = state.begin(
                        frame.parts().get(0),
                        frame.parts().get(1),
                        frame.parts().get(2),
                        loader)
                .map(failures::encode)
                .map(Encoded::raw)
                .orElse(null);
        if (failure == null) {
            tell(Wire.READY, 0);
            ready = true;
        } else {
            tell(Wire.UNFIT, 0, failure);
        }
    }

    private void end() {
        state.end();
        listener.end();
    }

    /** The task is known to the listener before it is taken, since from the taking on the pool may want it interrupted. */
    private void call(Frame frame) {
        if (worn) {
            return; // never claimed, so the pool gives it to another
        }
        var task = new RunningTask(frame.number(), toldOf(frame), number, progress);
        current = task;
        if (!channel.claims().take(frame.number())) {
            current = null;
            return;
        }
        channel.work(frame.number());
        int kind = Wire.FAILED;
        Encoded reply;
        try {
            if (frame.lost() != null) {
                throw frame.lost();
            }
            Callable<?> call = (Callable<?>)
                    Objects.requireNonNull(CODEC.open(frame.parts().getFirst(), loader));
            Object value = TaskScope.call(task, call);
            reply = CODEC.prepare(value);
            kind = Wire.DONE;
        } catch (Throwable thrown) {
            reply = Encoded.raw(failures.encode(thrown));
        }
        task.end();
        current = null;
        channel.rest();
        boolean _ = Thread.interrupted(); // a task that interrupted itself
        worn = state.isWorn();
        if (worn) {
            tell(Wire.WORN, 0); // first: the pool sends nothing more when it has the reply
        }
        tell(kind, frame.number(), reply);
    }

    private static Told toldOf(Frame frame) {
        return frame.parts().size() > 1
                ? Told.of(frame.parts().get(1))
                : new Told("task-" + frame.number(), Optional.empty());
    }

    /** Says where a task is that ought to end. */
    void tellStuck(RunningTask task) {
        tell(Wire.DUMP, task.offer, Encoded.raw(failures.encode(new StuckTaskException(task.thread()))));
    }

    /** Sends at once. By any thread of this process. */
    void tell(int kind, long number, Encoded... parts) {
        try {
            synchronized (channel.sender()) {
                channel.sender().put(kind, number, parts);
                channel.sender().publish();
            }
        } catch (PeerGoneException e) {
            throw new IllegalStateException("the channel to the pool broke", e);
        }
    }
}
