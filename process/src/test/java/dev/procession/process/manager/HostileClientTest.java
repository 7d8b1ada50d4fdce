package dev.procession.process.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.Background;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who speaks to a manager without leave, or without sense. Rules P1 to P5 of docs/contracts/manager.md. */
class HostileClientTest {
    private static final Key KEY = Key.of(new byte[] {1, 2, 3, 4});
    private static final int MAX_BYTES = 1 << 20;

    /** The first object after the manager's own. */
    private static final long TAKER = 2;

    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    @TempDir
    Path folder;

    private Address address;
    private ChildProcess server;

    /** Tells when it is built of bytes. */
    private static final class Canary implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) {
            System.err.println("a canary was built");
        }
    }

    interface Taker {
        void take(Object anything);
    }

    @BeforeEach
    void serve() {
        server = start(System.getProperty("user.name"), KEY);
    }

    /** A server in a JVM of its own, whose lines go to the log. */
    private ChildProcess start(String userName, Key key) {
        address = new Address(UUID.randomUUID(), folder.resolve("s").toString(), KEY);
        var served = new Address(address.manager(), address.socket(), key);
        ChildProcess child = ChildProcess.builder()
                .daemon()
                .stderr(Output.lines(log::add))
                .start(() -> {
                    var user = FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(userName);
                    try (Server made = Server.bind(served, new ManagerMain.Rules("", MAX_BYTES), user)) {
                        made.objects().add((Taker) _ -> {}, Taker.class, ObjectTable.Origin.USERS);
                        System.err.println("ready");
                        made.serve();
                    }
                });
        Background.until(() -> log.contains("ready"));
        log.clear();
        return child;
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.kill();
        server.join();
    }

    /** A peer that can say anything. */
    private final class Peer implements AutoCloseable {
        final SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        final FrameReader reader = new FrameReader();

        Peer() throws IOException {
            socket.connect(UnixDomainSocketAddress.of(address.socket()));
        }

        void send(Message message) throws IOException {
            send(message.encode());
        }

        void send(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                socket.write(bytes);
            }
        }

        /** The next message; null at the end. */
        Message hear() throws IOException {
            Message next;
            while ((next = reader.next(Integer.MAX_VALUE)) == null) {
                try {
                    if (reader.fill(socket) < 0) {
                        return null;
                    }
                } catch (IOException reset) {
                    return null; // what was sent last was not even read
                }
            }
            return next;
        }

        Peer admitted() throws IOException {
            Message.Nonce ours = Message.Nonce.random();
            send(new Message.Hello(Message.WIRE_VERSION, ours));
            var challenge = (Message.Challenge) hear();
            byte[] proof =
                    KEY.prove(Key.Side.CLIENT, ours.bytes(), challenge.nonce().bytes());
            send(new Message.Proof(Message.Nonce.of(proof), 4711));
            assertThat(hear()).isInstanceOf(Message.Welcome.class);
            return this;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Message.Call call(long object, String method, Object... arguments) {
        return new Message.Call(
                1, 1, object, Message.Interrupt.NONE, method, Codec.standard().prepare(arguments));
    }

    private void assertRefused(Peer peer, String reason) throws IOException {
        assertThat(peer.hear()).as("hung up").isNull();
        Background.until(() ->
                log.stream().anyMatch(line -> line.contains("refused a connection: socket=") && line.contains(reason)));
    }

    private void assertServes() {
        Client client = Client.of(address);
        try {
            List<String> list = client.list();
            list.add("fine");
            assertThat(list).containsExactly("fine");
        } finally {
            client.close();
        }
    }

    // ---- before they are let in ----

    @Test
    void p1_anotherUserIsShutOut() throws Exception {
        stop();
        server = start("nobody", KEY);
        try (Peer peer = new Peer()) {
            assertRefused(peer, "another user: peer=");
        }
    }

    @Test
    void p2_wrongKeyIsToldAndShutOut() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(new Message.Hello(Message.WIRE_VERSION, Message.Nonce.random()));
            assertThat(peer.hear()).isInstanceOf(Message.Challenge.class);
            peer.send(new Message.Proof(Message.Nonce.random(), 4711));
            assertThat(peer.hear()).isEqualTo(new Message.Refused("wrong key"));
            assertRefused(peer, "wrong key");
        }
        assertServes();
    }

    @Test
    void p2_proofOfTheManagerIsNoneOfAClient() throws IOException {
        try (Peer peer = new Peer()) {
            Message.Nonce ours = Message.Nonce.random();
            peer.send(new Message.Hello(Message.WIRE_VERSION, ours));
            var challenge = (Message.Challenge) peer.hear();
            peer.send(new Message.Proof(challenge.proof(), 4711));
            assertThat(peer.hear()).isEqualTo(new Message.Refused("wrong key"));
        }
    }

    @Test
    void p3_anotherVersionIsToldOursAndShutOut() throws IOException {
        try (Peer peer = new Peer()) {
            peer.send(new Message.Hello((short) 99, Message.Nonce.random()));
            assertThat(((Message.Challenge) peer.hear()).version()).isEqualTo(Message.WIRE_VERSION);
            assertRefused(peer, "another version: wireVersion=99");
        }
        try (Peer peer = new Peer()) {
            peer.send(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8)));
            assertRefused(peer, "lengthBytes=");
        }
        assertServes();
    }

    @Test
    void p4_nothingIsBuiltOfTheBytesOfThoseWhoWereNotLetIn() throws IOException {
        Message.Call call = call(TAKER, "take(Ljava/lang/Object;)", new Canary());
        try (Peer peer = new Peer()) {
            peer.send(call);
            assertThat(peer.hear()).isNull();
        }
        try (Peer peer = new Peer()) {
            peer.send(new Message.Hello(Message.WIRE_VERSION, Message.Nonce.random()));
            peer.send(call);
            assertThat(peer.hear()).isInstanceOf(Message.Challenge.class);
            assertThat(peer.hear()).isNull();
        }
        try (Peer peer = new Peer().admitted()) {
            peer.send(call); // the same, by who may
            assertThat(peer.hear()).isInstanceOf(Message.Returned.class);
        }
        assertThat(canaries()).as("of three").isEqualTo(1);
    }

    // ---- when they are in ----

    @Test
    void p4_ourOwnObjectsBuildNothingOfAUser() throws IOException {
        try (Peer peer = new Peer().admitted()) {
            peer.send(call(RegistryCalls.DIRECTORY, "get([B)", new Canary()));
            var threw = (Message.Threw) peer.hear();
            assertThat(Failures.decode(threw.failure(), Codec.standard()))
                    .hasMessageContaining("refuses class=" + Canary.class.getName());

            peer.send(call(RegistryCalls.DIRECTORY, "size()"));
            var returned = (Message.Returned) peer.hear();
            assertThat(Codec.standard().open(returned.value(), null)).isEqualTo(0);
            peer.send(call(TAKER, "take(Ljava/lang/Object;)", new Canary()));
            assertThat(peer.hear()).isInstanceOf(Message.Returned.class);
        }
        assertThat(canaries()).as("of two").isEqualTo(1);
    }

    /** How many were built, when one was for sure and the server has said all. */
    private long canaries() {
        Background.until(() -> log.contains("a canary was built"));
        server.kill();
        Background.until(() -> !server.isAlive());
        return log.stream().filter("a canary was built"::equals).count();
    }

    @Test
    void p5_callsWithoutSenseAreAnsweredSo() throws IOException {
        try (Peer peer = new Peer().admitted()) {
            for (Message.Call call : List.of(
                    call(4711, "size()"),
                    call(RegistryCalls.DIRECTORY, "explode()"),
                    call(RegistryCalls.DIRECTORY, "get([B)"),
                    call(RegistryCalls.DIRECTORY, "get([B)", "no bytes"),
                    call(RegistryCalls.OBJECT, "queue(I)", -1),
                    call(RegistryCalls.OBJECT, "register(Ljava/lang/String;[B)", "java.lang.Runnable", new byte[] {9}),
                    new Message.Call(
                            1, 1, 0, Message.Interrupt.NONE, "map()", Encoded.framed(new byte[] {77, 1, 2}, 3)))) {
                peer.send(call);
                assertThat(peer.hear()).as(call.method()).isInstanceOf(Message.Threw.class);
            }
            peer.send(new Message.Cancel(12345));
            peer.send(call(RegistryCalls.DIRECTORY, "size()"));
            assertThat(peer.hear()).isInstanceOf(Message.Returned.class);
        }
    }

    @Test
    void p5_oversizedIsRefusedBeforeItIsRead() throws IOException {
        for (int length : new int[] {MAX_BYTES + 1, Integer.MAX_VALUE, -1, 0, Integer.MIN_VALUE}) {
            log.clear();
            try (Peer peer = new Peer().admitted()) {
                peer.send(ByteBuffer.allocate(4).putInt(length).flip());
                assertRefused(peer, "lengthBytes=" + length);
            }
        }
        assertServes();
    }

    @Test
    void p5_messagesOfTheManagersAreNotTakenFromAClient() throws IOException {
        for (Message message : List.of(
                new Message.Welcome("*"),
                new Message.Returned(1, Encoded.raw(new byte[1])),
                new Message.Hello(Message.WIRE_VERSION, Message.Nonce.random()))) {
            try (Peer peer = new Peer().admitted()) {
                peer.send(message);
                assertThat(peer.hear()).isNull();
            }
        }
        assertServes();
    }

    @Test
    void p5_noiseHarmsNobodyElse() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        Client bystander = Client.of(address);
        List<Integer> list = bystander.list();
        Message.Call sound = call(RegistryCalls.OBJECT, "array([Ljava/lang/Object;)", (Object) new Object[] {"x"});
        for (int round = 0; round < 300; round++) {
            try (Peer peer = random.nextInt(4) == 0 ? new Peer() : new Peer().admitted()) {
                for (int i = 0; i < 3; i++) {
                    peer.send(noise(sound, random));
                }
            } catch (IOException hungUp) {
                assertThat(hungUp).isNotNull(); // refused before all was said
            }
            list.add(round);
        }
        assertThat(list).as("seed=%d", seed).hasSize(300);
        bystander.close();
        assertServes();
    }

    /** A sound message with some bytes changed, or cut short, or nothing but chance. */
    private static ByteBuffer noise(Message.Call sound, Random random) {
        ByteBuffer encoded = sound.encode();
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        switch (random.nextInt(3)) {
            case 0 -> {
                for (int i = random.nextInt(1, 6); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            case 1 -> {
                bytes = java.util.Arrays.copyOf(bytes, random.nextInt(5, bytes.length));
                ByteBuffer.wrap(bytes).putInt(bytes.length - 4);
            }
            default -> random.nextBytes(bytes);
        }
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void p2_impostorThatDoesNotKnowTheKeyIsNotTalkedTo() throws Exception {
        stop();
        server = start(System.getProperty("user.name"), Key.of(new byte[] {9}));
        assertThatThrownBy(() -> Client.at(address.socket(), KEY))
                .hasMessageContaining("who serves there has another key");
    }
}
