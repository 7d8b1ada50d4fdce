package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand tasks count without a lock, with blocking calls of the JDK all around. */
@ExtendWith(NothingLeft.class)
class LostUpdateTest {
    private static final int TASKS = 1000;
    private static final int ROUNDS = 5;
    private static final int STEPS = 200;
    private static final int EXACT = TASKS * ROUNDS * STEPS;
    private static final Duration SHORT = Duration.ofNanos(1000);

    /** Not volatile and without a lock: what is lost is lost by others who run meanwhile. */
    private int counter;

    private void count() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            for (int step = 0; step < STEPS; step++) {
                counter++;
            }
            Thread.sleep(SHORT);
        }
    }

    @Test
    void tasksOfALoopLoseNoUpdate(TestReporter reporter) throws Exception {
        EventLoop.run(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < TASKS; i++) {
                    Task<?> _ = group.start(this::count);
                }
            }
        });
        assertThat(counter).isEqualTo(EXACT);

        counter = 0;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    count();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        // Shown, not asserted: luck decides how many are lost. On one carrier none are.
        reporter.publishEntry("updates lost by plain virtual threads", EXACT - counter + " of " + EXACT);
    }
}
