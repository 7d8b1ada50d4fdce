package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import dev.procession.shm.SharedReentrantLock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A parent that waits for a child which waits for the parent's lock. */
@Timeout(60)
@ExtendWith(NothingLeft.class)
class JoinDeadlockTest {
    @Test
    @SuppressWarnings("LockNotBeforeTry") // that it is held is what is tested
    void is_reported_and_goes_on_when_the_parent_lets_go() throws Exception {
        List<String> complaints = new CopyOnWriteArrayList<>();
        try (SharedReentrantLock lock = SharedReentrantLock.create()) {
            Background<Boolean> parent = Background.run(() -> {
                lock.lock();
                ChildProcess child = ChildProcess.builder()
                        .name("cook")
                        .stderr(Output.lines(complaints::add))
                        .start(() -> {
                            lock.lock();
                            lock.unlock();
                        });
                try {
                    child.join();
                } catch (InterruptedException woken) {
                    lock.unlock();
                    child.join();
                }
                assertThat(child.exitCode()).hasValue(0);
                child.close();
            });
            Background.until(() -> complaints.stream().anyMatch(line -> line.contains("deadlock: ")));
            parent.interrupt();
            assertThat(parent.result()).isTrue();
            assertThat(complaints)
                    .filteredOn(line -> line.contains("deadlock: "))
                    .singleElement()
                    .asString()
                    .matches(
                            ".*deadlock: cook \\(pid \\d+, thread main\\) waits for SharedReentrantLock \\S+ held by .*"
                                    + " \\(pid \\d+, thread background\\) at .*, which waits for the end of cook \\(pid \\d+\\) at"
                                    + " JoinDeadlockTest\\.java:\\d+.*");
        }
    }
}
