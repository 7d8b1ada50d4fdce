package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Very many tasks, and very many loops. */
@ExtendWith(NothingLeft.class)
class LoopLoadTest {
    @Test
    void aHundredThousandTasksShareALoop() throws Exception {
        tasksShareALoop(100_000);
    }

    @Tag("soak")
    @Test
    void aMillionTasksShareALoop() throws Exception {
        tasksShareALoop(1_000_000);
    }

    /** All are under way at the same time: none ends before each has had a turn. */
    private static void tasksShareALoop(int tasks) throws Exception {
        int[] count = {0, 0};
        EventLoop.run(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < tasks; i++) {
                    Task<?> _ = group.start(() -> {
                        count[0]++;
                        EventLoop.sleep(Duration.ZERO);
                        assertThat(count[0]).isEqualTo(tasks);
                        count[1]++;
                    });
                }
            }
        });
        assertThat(count[1]).isEqualTo(tasks);
    }

    @Test
    void loopsThatEndLeaveNothing() throws Exception {
        loopsLeaveNothing(300);
    }

    @Tag("soak")
    @Test
    void tenThousandLoopsThatEndLeaveNothing() throws Exception {
        loopsLeaveNothing(10_000);
    }

    private static void loopsLeaveNothing(int loops) throws Exception {
        oneLoop(); // what the first one starts stays: the JDK's pollers and carriers
        int threads = threads() + 2;
        long descriptors = descriptors();
        for (int i = 0; i < loops; i++) {
            oneLoop();
        }
        Background.until(() -> threads() <= threads); // those of toThread go after a while; the carriers count, too
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
    }

    /** A loop that uses what it could leave behind: a wait in the JDK, a thread, a timer that is not over. */
    private static void oneLoop() throws Exception {
        EventLoop.run(() -> {
            EventLoop.current().callLater(Duration.ofHours(1), () -> {});
            Task<?> cancelled = Task.start(() -> EventLoop.sleep(Duration.ofHours(1)));
            Thread.sleep(Duration.ofNanos(1000));
            assertThat((Object) EventLoop.toThread(() -> 1)).isEqualTo(1);
            assertThat(cancelled.isDone()).isFalse();
        });
    }

    private static int threads() {
        return Thread.getAllStackTraces().size();
    }

    private static long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
