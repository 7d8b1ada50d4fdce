package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.codec.UndecodableException;
import dev.procession.core.codec.UnencodableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a parent learns when a child does not end well. */
@ExtendWith(NothingLeft.class)
class ChildFailureTest {
    @Test
    @DisplayName("P10: an action that throws gives exit code 1 and its stack on the child's stderr")
    void uncaughtExceptionEndsTheChildWithOne() throws Exception {
        ChildProcess child = ChildProcess.builder().stderr(Output.captured()).start(() -> {
            throw new IllegalStateException("boom");
        });

        child.join();

        assertThat(child.exitCode()).hasValue(1);
        assertThat(child.stderr())
                .contains("java.lang.IllegalStateException: boom")
                .contains("at " + ChildFailureTest.class.getName());
    }

    @Test
    void parentGetsTheExceptionWithTheStackOfTheChild() throws Exception {
        ChildProcess child = quiet().start(() -> {
            try {
                throw new FileNotFoundException("menu.txt");
            } catch (IOException e) {
                var thrown = new UncheckedIOException("cannot cook", e);
                thrown.addSuppressed(new ArithmeticException("bill"));
                throw thrown;
            }
        });

        child.join();

        ChildFailedException failure = child.failure().orElseThrow();
        assertThat(failure.exitCode()).isEqualTo(1);
        assertThat(failure)
                .hasMessageContaining(child.name() + " (pid " + child.pid() + ") threw")
                .hasMessageContaining("cannot cook");
        assertThat(failure.getCause())
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(FileNotFoundException.class)
                .hasSuppressedException(new ArithmeticException("bill"));
        assertThat(failure.getCause().getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(ChildFailureTest.class.getName()))
                .anyMatch(frame -> frame.getClassName().equals(ChildMain.class.getName()));
        assertThatThrownBy(child::joinOrThrow).isSameAs(failure);
    }

    /** Holds something that cannot travel. */
    static final class SocketException extends RuntimeException {
        private static final long serialVersionUID = 1;
        final Object socket = new Socket();

        SocketException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    @Test
    void exceptionThatCannotTravelIsDescribed() throws Exception {
        ChildProcess child = quiet().start(() -> {
            throw new SocketException("line is busy", new IOException("reset"));
        });

        child.join();

        Throwable cause = child.failure().orElseThrow().getCause();
        assertThat(cause)
                .isInstanceOf(RemoteThrowable.class)
                .hasToString(SocketException.class.getName() + ": line is busy")
                .hasMessage("line is busy");
        assertThat(((RemoteThrowable) cause).className()).isEqualTo(SocketException.class.getName());
        assertThat(cause.getStackTrace()[0].getMethodName()).contains("exceptionThatCannotTravelIsDescribed");
        assertThat(cause.getCause()).hasToString("java.io.IOException: reset");
    }

    /** Can leave, cannot arrive. */
    static final class OneWayException extends RuntimeException {
        private static final long serialVersionUID = 1;

        OneWayException() {
            super("one way");
        }

        private void readObject(ObjectInputStream in) {
            throw new IllegalStateException("not here");
        }
    }

    @Test
    void exceptionThatCannotArriveIsDescribedWithTheReason() throws Exception {
        ChildProcess child = quiet().start(() -> {
            throw new OneWayException();
        });

        child.join();

        Throwable cause = child.failure().orElseThrow().getCause();
        assertThat(cause).hasToString(OneWayException.class.getName() + ": one way");
        assertThat(cause.getSuppressed()).anySatisfy(why -> assertThat(why).hasStackTraceContaining("not here"));
    }

    @Test
    void stackOverflowIsTold() throws Exception {
        ChildProcess child = quiet().start(() -> new Deep().deeper(1));

        child.join();

        assertThat(child.exitCode()).hasValue(1);
        assertThat(child.failure().orElseThrow()).hasCauseInstanceOf(StackOverflowError.class);
    }

    static final class Deep {
        int deeper(int depth) {
            return depth < 0 ? 0 : depth + deeper(depth + 1);
        }
    }

    @Test
    void outOfMemoryIsTold() throws Exception {
        ChildProcess child = quiet().heap(16 << 20).start(() -> {
            List<byte[]> hoard = new ArrayList<>();
            while (hoard.size() < 1 << 20) {
                hoard.add(new byte[1 << 20]);
            }
            System.out.println(hoard.size());
        });

        child.join();

        assertThat(child.exitCode()).hasValue(1);
        assertThat(child.failure().orElseThrow())
                .hasCauseInstanceOf(OutOfMemoryError.class)
                .returns(true, ChildFailedException::ranOutOfMemory);
    }

    /** Not serializable. */
    static final class Stove {
        final int flames = 4;
    }

    record Kitchen(String city, Stove stove) implements Serializable {}

    @Test
    void captureThatCannotTravelIsNamedBeforeAnyProcessIsMade() {
        var kitchen = new Kitchen("Chengdu", new Stove());

        assertThatThrownBy(() -> ChildProcess.start(() -> System.out.println(kitchen)))
                .isInstanceOf(UnencodableException.class)
                .hasMessageContaining("kitchen.stove")
                .hasMessageContaining(Stove.class.getName());
        assertThat(Processes.activeChildren()).isEmpty();
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    /** Can be sent, not received. */
    static final class Trap implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new IOException("trapped");
        }
    }

    @Test
    void captureThatCannotBeReadInTheChildFailsTheChild() throws Exception {
        var trap = new Trap();
        ChildProcess child = quiet().start(() -> System.out.println(trap.getClass()));

        child.join();

        assertThat(child.exitCode()).hasValue(1);
        assertThat(child.failure().orElseThrow())
                .hasCauseInstanceOf(UndecodableException.class)
                .hasStackTraceContaining("trapped");
    }

    @Test
    void virtualMachineThatRefusesItsOptionsIsQuoted() throws Exception {
        ChildProcess child = quiet().jvmOptions("-XX:+NoSuchOption").start(() -> {});

        child.join();

        assertThat(child.exitCode()).hasValue(1);
        assertThat(child.failure().orElseThrow())
                .hasMessageContaining("ended before it took its action: exitCode=1; its last lines on stderr:")
                .hasMessageContaining("NoSuchOption")
                .hasNoCause();
    }

    @Test
    void exitCodeComesWithTheLastWordsOfTheChild() throws Exception {
        ChildProcess child = quiet().start(() -> {
            System.err.println("no more rice");
            System.exit(3);
        });

        child.join();

        assertThat(child.failure().orElseThrow())
                .hasMessageEndingWith(" exited: exitCode=3; its last lines on stderr:\n    no more rice");
    }

    private static ChildProcess.Builder quiet() {
        return ChildProcess.builder().stderr(Output.captured());
    }
}
