package dev.procession.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.experiment.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues and a room for a few, for real, at small delays. */
class QueueExperimentsTest extends ExperimentTest {
    @Test
    void queueBasicsFillsAQueueAndLetsTheOthersWait() throws Exception {
        Outcome outcome = run("queue-basics", "capacity", "2", "timeout", "20", "nap", "50");

        assertShown(outcome);
        assertPids(outcome, 5);
        assertThat(figure(outcome, "putAtFirst")).isEqualTo(1);
        assertThat(figure(outcome, "greatestDepth")).isEqualTo(1);
        assertThat(figure(outcome, "delivered")).isEqualTo(2);
        assertThat((Long) figure(outcome, "waitedMillis")).isGreaterThanOrEqualTo(50);
        assertThat(rows(outcome, "calls"))
                .extracting(call -> call.get("call") + ": " + call.get("came") + ", " + call.get("sizeAfter"))
                .containsExactly(
                        "put: stored, 1",
                        "put: stored, 2",
                        "size, remainingCapacity: 2, 0, 2",
                        "offer: false, 2",
                        "add: IllegalStateException, 2",
                        "offer(item, t, unit): false, 2",
                        "take: item 1, 1",
                        "take: item 2, 0",
                        "size, isEmpty: 0, true, 0",
                        "poll: null, 0",
                        "remove: NoSuchElementException, 0",
                        "poll(t, unit): null, 0");
    }

    @Test
    void threadQueuesGiveOutInThreeOrders() throws Exception {
        Outcome outcome = run("thread-queues", "items", "4", "seed", "7", "nap", "20");

        assertShown(outcome);
        List<?> in = (List<?>) rows(outcome, "queues").getFirst().get("in");
        assertThat(rows(outcome, "queues"))
                .extracting(queue -> queue.get("out"))
                .containsExactly(in, in.reversed(), List.of(1, 2, 3, 4));
        assertThat(in).as("a shuffle that tells the three apart").isNotEqualTo(List.of(1, 2, 3, 4));
        assertThat(figure(outcome, "lost")).isEqualTo(0);
    }

    @Test
    void nobodyEntersTheRoomBeforeTheTimerNorMoreThanItHolds() throws Exception {
        Outcome outcome = run("semaphore-event-timer", "people", "4", "room", "2", "stay", "150", "opens", "100");

        assertShown(outcome);
        assertPids(outcome, 4);
        assertThat(figure(outcome, "mostInside")).isEqualTo(2);
        assertThat(figure(outcome, "passedEarly")).isEqualTo(0L);
        assertThat(figure(outcome, "cancelledTimerFired")).isEqualTo(false);
    }

    @Test
    void aRoomForAllIsNeverFull() throws Exception {
        Outcome outcome = run("semaphore-event-timer", "people", "2", "room", "5", "stay", "300", "opens", "0");

        assertShown(outcome);
        assertThat(figure(outcome, "mostInside")).isEqualTo(2);
    }
}
