package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.conformance.LoggedWarnings;
import dev.procession.conformance.NothingLeft;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a loop says by itself when something is wrong, and what one sees of it from outside. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("FutureReturnValueIgnored") // a loop tells what its tasks threw
class DiagnosisTest {
    /** Computes until it was reported, or until nobody can still expect that. */
    static void computeTooLong(LoggedWarnings log) {
        long start = System.nanoTime();
        while (heldUp(log).isEmpty()
                && System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
            Thread.onSpinWait();
        }
    }

    private static List<LoggedWarnings.Warning> heldUp(LoggedWarnings log) {
        return log.heard().stream()
                .filter(warning -> warning.message().contains("is held up"))
                .toList();
    }

    static void assertReported(LoggedWarnings log, String task, String method) {
        assertThat(heldUp(log)).singleElement().satisfies(warning -> {
            assertThat(warning.message()).contains("more than 50 ms by " + task).contains("EventLoop.toThread");
            assertThat(Arrays.stream(warning.thrown().getStackTrace()).map(StackTraceElement::getMethodName))
                    .contains(method);
        });
    }

    @Test
    void aTaskThatHoldsTheLoopUpIsReportedWithItsStack() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.green")) {
            EventLoop.run(() -> EventLoop.current()
                    .createTask("cruncher", EventLoop.callable(() -> computeTooLong(log)))
                    .join());
            assertReported(log, "cruncher", "computeTooLong");
        }
    }

    @Test
    void soIsACallback() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.green")) {
            EventLoop.run(() -> {
                EventLoop.current().callSoon(() -> computeTooLong(log));
                EventLoop.sleep(Duration.ofMillis(1));
            });
            assertThat(heldUp(log)).hasSize(1);
        }
    }

    @Test
    void aLoopThatWaitsIsNotReported() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.green")) {
            EventLoop.run(() -> EventLoop.sleep(Duration.ofMillis(200)));
            assertThat(heldUp(log)).isEmpty();
        }
    }

    @Test
    void howLongATurnMayTakeIsTheBuildersToSay() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.green");
                EventLoop loop =
                        EventLoop.builder().slowTurn(Duration.ofMinutes(5)).build()) {
            loop.runToTheEnd(() -> {
                long start = System.nanoTime();
                while (System.nanoTime() - start < Duration.ofMillis(200).toNanos()) {
                    Thread.onSpinWait();
                }
                return null;
            });
            assertThat(heldUp(log)).isEmpty();
        }
    }

    /** Nobody on the loop can go on, but another thread might help: that is said, once, with the tree of the tasks. */
    @Test
    void aLoopThatOnlyAnotherThreadCanWakeSaysSo() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.green")) {
            EventLoop.run(() -> {
                Promise<String> promise = Promise.create();
                Thread.ofPlatform().daemon().start(() -> {
                    Background.until(() -> !log.heard().isEmpty());
                    promise.complete("at last");
                });
                Task<?> reader = EventLoop.current().createTask("reader", promise::get);
                reader.join();
            });
            assertThat(log.heard())
                    .singleElement()
                    .satisfies(warning -> assertThat(warning.message())
                            .contains("nothing on the loop can go on unless another thread wakes it")
                            .contains("main waits for task reader")
                            .contains("reader waits for promise"));
        }
    }
}
