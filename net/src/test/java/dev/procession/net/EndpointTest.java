package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a server listens: cases 22 and 23, for each strategy of this JVM. */
@ExtendWith(NothingLeft.class)
class EndpointTest {
    @TempDir
    Path folder;

    private static StreamServer.Builder server(ServerStrategy strategy) {
        return StreamServer.builder().strategy(strategy).handler(Handlers::lines);
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN", "LOOP"})
    void c22ServesOnVersionSix(ServerStrategy strategy) throws IOException {
        InetAddress loopback = Inet6Address.getByName("::1");
        if (!canListen(loopback)) {
            assertThatThrownBy(() -> server(strategy).host("::1").start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("host=::1");
            return;
        }
        try (StreamServer server = server(strategy).host("::1").start();
                Client client = new Client(loopback, server.port())) {
            assertThat(client.ask("six")).isEqualTo("SIX");
            assertThat(server.connections().getFirst().remoteAddress()).startsWith("[0:0:0:0:0:0:0:1]:");
        }
    }

    /** A machine may have no version six at all; then the error must say which address it was. */
    private static boolean canListen(InetAddress address) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD", "GREEN", "LOOP"})
    void c23ReplacesAStaleSocketServesItsUserAloneAndRemovesThePath(ServerStrategy strategy) throws IOException {
        Path path = folder.resolve("socket");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (StreamServer server = server(strategy).unix(path).start();
                StreamClient client = StreamClient.builder().unix(path).connect()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(client.callLine("unix")).isEqualTo("UNIX");
            assertThat(server.address()).isEqualTo(UnixDomainSocketAddress.of(path));

            assertThatThrownBy(() -> server(strategy).unix(path).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("another server is running there");
            assertThat(client.callLine("still")).isEqualTo("STILL");
        }
        assertThat(path).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(names = "GREEN")
    void aFileThatIsNoSocketIsLeftAlone(ServerStrategy strategy) throws IOException {
        Path path = Files.writeString(folder.resolve("precious"), "words");
        assertThatThrownBy(() -> server(strategy).unix(path).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("path=" + path);
        assertThat(path).hasContent("words");
    }
}
