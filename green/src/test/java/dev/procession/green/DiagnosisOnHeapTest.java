package dev.procession.green;

import dev.procession.conformance.LoggedWarnings;
import dev.procession.conformance.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A loop that mounts its tasks itself also watches those that the JDK has woken. On a single carrier the JDK mounts them, and
 * the loop sees nothing of it.
 */
@ExtendWith(NothingLeft.class)
class DiagnosisOnHeapTest {
    @Test
    void aTaskThatHoldsTheLoopUpAfterAWaitInTheJdkIsReported() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.green")) {
            EventLoop.run(() -> EventLoop.current()
                    .createTask("woken cruncher", EventLoop.callable(() -> {
                        Thread.sleep(5);
                        DiagnosisTest.computeTooLong(log);
                    }))
                    .join());
            DiagnosisTest.assertReported(log, "woken cruncher", "computeTooLong");
        }
    }
}
