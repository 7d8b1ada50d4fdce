package dev.procession.core.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A pool that runs nothing by itself: the test does, and sees what the pool was asked. */
final class RecordingPool extends AbstractPool {
    final List<PoolTask<?>> enqueued = new CopyOnWriteArrayList<>();
    volatile @Nullable RuntimeException refusal;
    private final List<String> asked = new ArrayList<>(); // guarded by this

    RecordingPool() {
        super("recording", Duration.ofMillis(20));
    }

    PoolTask<?> last() {
        return enqueued.getLast();
    }

    @Override
    protected void enqueue(PoolTask<?> task) {
        if (refusal != null) {
            throw refusal;
        }
        enqueued.add(task);
    }

    @Override
    protected void withdraw(PoolTask<?> task) {
        ask("withdraw", task);
    }

    @Override
    protected void interrupt(PoolTask<?> task) {
        ask("interrupt", task);
    }

    @Override
    protected void kill(PoolTask<?> task) {
        ask("kill", task);
    }

    private synchronized void ask(String what, PoolTask<?> task) {
        asked.add(what + " " + task.name());
    }

    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    protected int parallelism() {
        return 1;
    }

    @Override
    public void resize(int min, int max) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }
}
