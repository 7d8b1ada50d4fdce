package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.SerializableCallable;
import dev.procession.core.TaskFuture;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Something goes wrong at each hop of a task's journey, in each way there is: always an exception within five seconds of a
 * worker being ready, never a hang, and the pool works afterwards. After CPython's {@code test_deadlock.py}.
 *
 * <p>The hops on this side (the task is serialized, its result deserialized) can only throw: whatever else they did would
 * end the program itself.
 */
@ExtendWith(NothingLeft.class)
class CrashMatrixTest {
    /** Where it happens. */
    enum Hop {
        TASK_SERIALIZE,
        DISPATCH,
        TASK_DESERIALIZE,
        RUN,
        REPLY,
        RESULT_DESERIALIZE
    }

    /** What happens. */
    enum Mishap {
        EXCEPTION,
        EXIT,
        HALT,
        SIGKILL,
        OUT_OF_MEMORY;

        List<Class<?>> outcomes() {
            return this == EXCEPTION
                    ? List.of(UndecodableException.class, UnencodableException.class, IllegalStateException.class)
                    : List.of(WorkerDiedException.class);
        }

        void happen() {
            switch (this) {
                case EXCEPTION -> throw new IllegalStateException("as planned");
                case EXIT -> System.exit(5);
                case HALT -> Runtime.getRuntime().halt(5);
                case SIGKILL -> Mishaps.killSelf();
                case OUT_OF_MEMORY -> Mishaps.fillHeap();
            }
        }
    }

    /** Does it when it is serialized, or deserialized, for the JDK's serialization asks it. */
    private static final class Bomb implements Serializable {
        private static final long serialVersionUID = 1;

        final Hop hop;
        final Mishap mishap;

        Bomb(Hop hop, Mishap mishap) {
            this.hop = hop;
            this.mishap = mishap;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (hop == Hop.TASK_SERIALIZE || hop == Hop.REPLY) {
                mishap.happen();
            }
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (hop == Hop.TASK_DESERIALIZE || hop == Hop.RESULT_DESERIALIZE) {
                mishap.happen();
            }
        }
    }

    private static SerializableCallable<Object> taskThatMeets(Hop hop, Mishap mishap) {
        Bomb bomb = new Bomb(hop, mishap);
        return switch (hop) {
            case TASK_SERIALIZE, TASK_DESERIALIZE -> () -> bomb.hop;
            case RUN ->
                () -> {
                    mishap.happen();
                    return null;
                };
            case REPLY, RESULT_DESERIALIZE -> () -> new Bomb(hop, mishap);
            case DISPATCH ->
                () -> {
                    Thread.sleep(60_000);
                    return null;
                };
        };
    }

    @TestFactory
    Stream<DynamicTest> everyHopAndEveryMishap() {
        return Stream.of(Hop.values())
                .flatMap(hop -> Arrays.stream(Mishap.values())
                        .filter(mishap -> mishap == Mishap.EXCEPTION
                                || (hop != Hop.TASK_SERIALIZE && hop != Hop.RESULT_DESERIALIZE))
                        .filter(mishap -> hop != Hop.DISPATCH || mishap == Mishap.SIGKILL)
                        .map(mishap -> dynamicTest(hop + " x " + mishap, () -> meet(hop, mishap))));
    }

    private static void meet(Hop hop, Mishap mishap) throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder().size(1).heap(48 << 20).stderr(_ -> {}).build()) {
            long worker = pool.submit(() -> ProcessHandle.current().pid()).get(30, TimeUnit.SECONDS);
            if (hop == Hop.DISPATCH) {
                // Dead before the task is sent, and the pool does not know.
                Stopped.stop(worker);
            }
            TaskFuture<Object> task = pool.submit(taskThatMeets(hop, mishap));
            if (hop == Hop.DISPATCH) {
                new ProcessBuilder("kill", "-9", Long.toString(worker)).start().waitFor();
                assertThat(task.isDone())
                        .as("it had not begun, so another worker gets it")
                        .isFalse();
                assertThat(task.cancel(true)).isTrue();
            } else {
                Throwable failure = catchThrowable(() -> task.get(5, TimeUnit.SECONDS));
                assertThat(failure).isInstanceOf(ExecutionException.class);
                assertThat(mishap.outcomes())
                        .as(failure.toString())
                        .contains(failure.getCause().getClass());
            }
            assertThat(pool.submit(() -> 42).get(30, TimeUnit.SECONDS)).isEqualTo(42);
        }
    }
}
