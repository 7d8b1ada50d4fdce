package dev.procession.lab.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.LifoBlockingQueue;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The judge of the calls, before queues that are right and that are wrong. */
class CallsTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    @Test
    void aQueueThatDoesWhatItMustIsRight() throws Exception {
        assertThat(Calls.make(new ArrayBlockingQueue<>(3), 3, SHORT).allAsClaimed())
                .isTrue();
    }

    @Test
    void anotherOrderIsWrong() throws Exception {
        assertThat(Calls.make(new LifoBlockingQueue<>(2), 2, SHORT).wrong())
                .containsExactly("take gave item 2", "take gave item 1");
    }

    @Test
    void aTimeOutThatComesTooSoonIsWrong() throws Exception {
        var impatient = new ArrayBlockingQueue<String>(1) {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean offer(String item, long timeout, TimeUnit unit) {
                return offer(item);
            }
        };

        assertThat(Calls.make(impatient, 1, Duration.ofSeconds(5).dividedBy(50)).wrong())
                .containsExactly("offer(item, t, unit) gave false");
    }
}
