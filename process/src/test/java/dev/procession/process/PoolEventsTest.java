package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import dev.procession.core.TaskOptions;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording tells of a pool. */
@ExtendWith(NothingLeft.class)
class PoolEventsTest {
    @TempDir
    Path folder = Path.of(".");

    @Test
    void recordingTellsOfTasksAndWorkers() throws Exception {
        Path file = folder.resolve("pool.jfr");
        try (var recording = new Recording()) {
            List.of("Task", "WorkerStart", "WorkerEnd").forEach(event -> recording.enable("dev.procession." + event));
            recording.start();
            try (ProcessPool pool =
                    ProcessPool.builder().name("seen").size(1).withoutSpare().build()) {
                assertThat(pool.submit(() -> 42, TaskOptions.defaults().withName("fine"))
                                .get(30, TimeUnit.SECONDS))
                        .isEqualTo(42);
                TaskFuture<Object> deadly = pool.submit(
                        () -> {
                            Mishaps.killSelf();
                            return null;
                        },
                        TaskOptions.defaults().withName("deadly"));
                assertThatThrownBy(() -> deadly.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(WorkerDiedException.class);
            }
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).allMatch(event -> event.getString("pool").equals("seen"));
        assertThat(of("Task", events).map(event -> event.getString("task") + " " + event.getString("outcome")))
                .containsExactly("fine returned", "deadly died");
        assertThat(of("Task", events))
                .allMatch(event -> event.getDuration("withWorker").isPositive());
        assertThat(of("WorkerEnd", events).map(event -> event.getInt("tasksLost")))
                .startsWith(1);
        assertThat(of("WorkerStart", events).map(event -> event.getLong("pid")))
                .containsAll(of("WorkerEnd", events)
                        .map(event -> event.getLong("pid"))
                        .toList())
                .hasSizeGreaterThanOrEqualTo(2);
    }

    private static Stream<RecordedEvent> of(String name, List<RecordedEvent> events) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.procession." + name))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime));
    }
}
