package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.shm.os.StandardStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One listening socket for several children. */
@ExtendWith(NothingLeft.class)
class ListeningSocketTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "unix"})
    void childrenServeFromOneSocketAndOneThatIsKilledLeavesTheQueueToTheOther(String host) throws Exception {
        try (ListeningSocket listener = ListeningSocket.bind(address(host), 16)) {
            ChildProcess first = startEchoOfPid(listener);
            ChildProcess second = startEchoOfPid(listener);
            try {
                awaitAnswerOf(first, listener.address());
                awaitAnswerOf(second, listener.address());

                first.kill();
                first.join();

                for (int i = 0; i < 10; i++) {
                    assertThat(ask(listener.address())).isEqualTo(second.pid());
                }
            } finally {
                end(first, second);
            }
        }
    }

    private SocketAddress address(String host) throws IOException {
        return host.equals("unix")
                ? UnixDomainSocketAddress.of(folder.resolve("s"))
                : new InetSocketAddress(InetAddress.getByName(host), 0);
    }

    /** Answers every connection with its own pid, until it is ended. */
    private static ChildProcess startEchoOfPid(ListeningSocket listener) {
        return ChildProcess.builder().stdin(listener).start(() -> {
            var server = (ServerSocketChannel) Objects.requireNonNull(System.inheritedChannel());
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
            while (true) {
                try (SocketChannel connection = server.accept()) {
                    connection.write(ByteBuffer.wrap(pid));
                }
            }
        });
    }

    private static void awaitAnswerOf(ChildProcess child, SocketAddress address) throws IOException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (ask(address) != child.pid()) {
            assertThat(System.nanoTime() - deadlineNanos)
                    .as("%s answers", child)
                    .isNegative();
        }
    }

    private static long ask(SocketAddress address) throws IOException {
        try (SocketChannel connection = SocketChannel.open(address);
                var lines = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8))) {
            return Long.parseLong(lines.readLine());
        }
    }

    private static void end(ChildProcess... children) throws InterruptedException {
        for (ChildProcess child : children) {
            child.kill();
            child.join();
        }
    }

    @Test
    void refusalHoldsForChildrenThatHaveTheSocketToo() throws Exception {
        try (ListeningSocket listener = ListeningSocket.bind(address("127.0.0.1"), 16)) {
            ChildProcess child = startEchoOfPid(listener);
            try {
                awaitAnswerOf(child, listener.address());

                listener.refuse();

                assertThatThrownBy(() -> ask(listener.address())).isInstanceOf(ConnectException.class);
            } finally {
                end(child);
            }
        }
    }

    @Test
    void processThatWasNotGivenTheSocketDoesNotHaveIt() throws Exception {
        try (ListeningSocket listener = ListeningSocket.bind(address("127.0.0.1"), 16)) {
            Process other = new ProcessBuilder("sleep", "60").start();
            ChildProcess child = ChildProcess.start(() -> Thread.sleep(60_000));
            try {
                assertThat(socketsOf(ProcessHandle.current().pid())).isNotEmpty();
                assertThat(socketsOf(other.pid())).isEmpty();
                assertThat(socketsOf(child.pid())).isEmpty();
            } finally {
                other.destroyForcibly().waitFor();
                end(child);
            }
            assertThat(listener.address()).isNotNull();
        }
    }

    private static List<Path> socketsOf(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return descriptors.filter(ListeningSocketTest::isSocket).toList();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void childGoesOnPrintingWhenItClosesTheSocketUnderTheProtectionOfItsStreams() throws Exception {
        try (ListeningSocket listener = ListeningSocket.bind(address("127.0.0.1"), 16)) {
            ChildProcess child = ChildProcess.builder()
                    .stdin(listener)
                    .stdout(Output.captured())
                    .stderr(Output.captured())
                    .start(() -> {
                        var server = (ServerSocketChannel) Objects.requireNonNull(System.inheritedChannel());
                        System.out.println("before");
                        StandardStreams.keepDuring(server::close);
                        System.out.println("after");
                        System.err.println("too");
                    });
            child.joinOrThrow();
            assertThat(child.stdout()).isEqualTo("before\nafter\n");
            assertThat(child.stderr()).isEqualTo("too\n");
        }
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ListeningSocket listener = ListeningSocket.bind(address("127.0.0.1"), 16)) {
            int port = ((InetSocketAddress) listener.address()).getPort();
            assertThatThrownBy(() -> ListeningSocket.bind(listener.address(), 16))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("another program listens there");
        }
    }

    @Test
    void fileOfAUnixDomainSocketIsTheOwnersAlone() throws Exception {
        try (ListeningSocket listener = ListeningSocket.bind(address("unix"), 16)) {
            assertThat(listener.address()).isEqualTo(address("unix"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("s"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void closedSocketIsGivenToNobody() throws Exception {
        ListeningSocket listener = ListeningSocket.bind(address("127.0.0.1"), 16);
        listener.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> ChildProcess.builder().stdin(listener).start(() -> {}))
                .withMessageContaining("closed");
        assertThat(Processes.activeChildren()).isEmpty();
    }

    @Test
    void wayThatCannotPassASocketSaysSoBeforeThereIsOne() throws Exception {
        try (ParentProgram program = ParentProgram.start(Portable.class, List.of("-Dprocession.spawn=portable"))) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(program.output()).contains("cannot be given a socket").contains("portable");
        }
    }

    /** A main class: asks for a socket where it cannot be had. */
    static final class Portable {
        static void main(String[] none) throws IOException {
            try {
                ListeningSocket.bind(new InetSocketAddress(0), 1).close();
            } catch (UnsupportedOperationException expected) {
                System.out.println(expected.getMessage());
            }
        }
    }
}
