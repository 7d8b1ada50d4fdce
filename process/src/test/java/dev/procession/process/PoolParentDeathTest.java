package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.TaskFuture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a pool when its program ends, in order or not. */
@ExtendWith(NothingLeft.class)
class PoolParentDeathTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    /** What the workers are at when the parent is killed. */
    enum State {
        IDLE,
        RUNNING,
        SPAWNING,
        REPLYING
    }

    @ParameterizedTest
    @EnumSource
    void workersDieWithTheirKilledParent(State state) throws Exception {
        try (ParentProgram program = ParentProgram.start(Working.class, List.of("-Xmx1g"), state.name())) {
            program.awaitOutput("now");
            Set<Path> files = Marked.filesInMemory(program.mark);

            program.signal("KILL");

            Marked.awaitNone(program.mark, LIMIT);
            assertThat(files).as("left in /dev/shm").noneMatch(Files::exists);
        }
    }

    /** A main class. */
    static final class Working {
        static void main(String[] arguments) throws Exception {
            ProcessPool pool = ProcessPool.of(2);
            switch (State.valueOf(arguments[0])) {
                case IDLE -> {
                    pool.submit(() -> 1).get();
                    System.out.println("now");
                    Thread.sleep(Duration.ofMinutes(10));
                }
                case RUNNING -> {
                    TaskFuture<Integer> _ = pool.submit(() -> {
                        System.out.println("now");
                        Mishaps.hang();
                        return 1;
                    });
                    Thread.sleep(Duration.ofMinutes(10));
                }
                case SPAWNING -> {
                    System.out.println("now");
                    while (true) {
                        ProcessPool.of(1).shutdownNow();
                        Thread.sleep(20);
                    }
                }
                case REPLYING -> {
                    while (true) {
                        pool.submit(() -> new byte[50_000_000]).get();
                        System.out.println("now");
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("F39: a program whose main returns waits for its tasks, then ends with its workers")
    void programWaitsForItsTasks() throws Exception {
        try (ParentProgram program = ParentProgram.start(Returning.class, List.of())) {
            assertThat(program.awaitExit()).as(program::seen).isZero();
            assertThat(program.output()).contains("apple");
            Marked.awaitNone(program.mark, LIMIT);
        }
    }

    /** A main class. */
    static final class Returning {
        static void main() {
            TaskFuture<Object> _ = ProcessPool.of(1).submit(() -> {
                Thread.sleep(700);
                System.out.println("apple");
                return null;
            });
        }
    }

    @Test
    void interruptFromTheKeyboardEndsAllWithoutAStackTrace() throws Exception {
        try (ParentProgram program = ParentProgram.start(Working.class, List.of(), State.RUNNING.name())) {
            program.awaitOutput("now");

            program.signal("INT");

            assertThat(program.awaitExit()).isEqualTo(130);
            Marked.awaitNone(program.mark, LIMIT);
            assertThat(program.output()).doesNotContain("\tat ").doesNotContain("Exception");
        }
    }
}
