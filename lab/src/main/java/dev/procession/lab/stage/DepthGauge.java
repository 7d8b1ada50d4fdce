package dev.procession.lab.stage;

import dev.procession.lab.picture.Lanes.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Looks again and again how many items a queue holds, on a thread of its own. For one thread. */
public final class DepthGauge implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(2);

    private final List<Sample> samples = new ArrayList<>();
    private final Thread thread;

    private DepthGauge(Collection<?> queue) {
        thread = Thread.ofPlatform().name("depth-gauge").daemon().unstarted(() -> look(queue));
    }

    /** Begins to look. */
    public static DepthGauge watch(Collection<?> queue) {
        DepthGauge gauge = new DepthGauge(queue);
        gauge.thread.start();
        return gauge;
    }

    private void look(Collection<?> queue) {
        try {
            while (true) {
                samples.add(new Sample(System.nanoTime(), queue.size()));
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            // That is how it is stopped.
        }
    }

    /**
     * Stops looking.
     *
     * @return what was seen, in order of time
     * @throws InterruptedException if interrupted while the last look ends
     */
    public List<Sample> stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
        return List.copyOf(samples);
    }

    /** Stops looking. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
