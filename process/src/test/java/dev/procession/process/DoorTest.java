package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.process.Hello.Token;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is let in. */
@ExtendWith(NothingLeft.class)
class DoorTest {
    private final Token token = Token.random();

    @Test
    void letsInWhoKnowsTheTokenAndVanishes() throws Exception {
        Path folder;
        try (Door door = Door.open(token);
                ControlChannel peer = knock(door)) {
            folder = door.path().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
            assertThat(door.path().toString().length()).isLessThanOrEqualTo(107);
            CompletableFuture<ControlChannel> admitted = admit(door);
            new Hello(token).send(peer);

            try (ControlChannel channel = admitted.get(10, TimeUnit.SECONDS)) {
                channel.send(ControlChannel.Kind.TASK, new byte[] {42});
                assertThat(peer.expect(ControlChannel.Kind.TASK, 1).payload()).containsExactly(42);
            }
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void shutsOutOthersAndWaitsOn() throws Exception {
        try (Door door = Door.open(token);
                ControlChannel wrongToken = knock(door);
                SocketChannel noise = SocketChannel.open(UnixDomainSocketAddress.of(door.path()));
                SocketChannel hangsUp = SocketChannel.open(UnixDomainSocketAddress.of(door.path()));
                ControlChannel right = knock(door)) {
            CompletableFuture<ControlChannel> admitted = admit(door);
            new Hello(Token.random()).send(wrongToken);
            noise.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            hangsUp.close();
            new Hello(token).send(right);

            try (ControlChannel channel = admitted.get(10, TimeUnit.SECONDS)) {
                assertThat(wrongToken.receive(1)).as("end of file").isNull();
                channel.send(ControlChannel.Kind.TASK, new byte[] {42});
                assertThat(right.expect(ControlChannel.Kind.TASK, 1).payload()).containsExactly(42);
            }
        }
    }

    @Test
    void closingEndsTheWait() throws Exception {
        Door door = Door.open(token);
        CompletableFuture<ControlChannel> admitted = admit(door);

        door.close();

        assertThatThrownBy(() -> admitted.get(10, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ClosedChannelException.class);
    }

    private static ControlChannel knock(Door door) throws IOException {
        return ControlChannel.over(SocketChannel.open(UnixDomainSocketAddress.of(door.path())));
    }

    private static CompletableFuture<ControlChannel> admit(Door door) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return door.admit();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> new Thread(task, "admit").start());
    }
}
