package dev.procession.lab.kitchen;

import dev.procession.lab.picture.Lanes.Sample;
import dev.procession.shm.SharedQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks again and again how many items a queue holds, on a thread of its own. */
final class DepthGauge implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(2);

    private final List<Sample> samples = new ArrayList<>();
    private final Thread thread;

    private DepthGauge(SharedQueue<?> queue) {
        thread = Thread.ofPlatform().name("depth-gauge").daemon().unstarted(() -> look(queue));
    }

    static DepthGauge watch(SharedQueue<?> queue) {
        DepthGauge gauge = new DepthGauge(queue);
        gauge.thread.start();
        return gauge;
    }

    private void look(SharedQueue<?> queue) {
        try {
            while (true) {
                samples.add(new Sample(System.nanoTime(), queue.size()));
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            // That is how it is stopped.
        }
    }

    /** Stops looking and returns what was seen, in order of time. */
    List<Sample> stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
        return List.copyOf(samples);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
