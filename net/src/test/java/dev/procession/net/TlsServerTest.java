package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that speak TLS, by whatever carries their connections, to the JDK's own sockets and to clients that misbehave. */
@ExtendWith(NothingLeft.class)
class TlsServerTest {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int LARGE_BYTES = 1 << 20;

    /** What handlers in this JVM saw at the end of their connection. */
    private static final BlockingQueue<String> ENDINGS = new LinkedBlockingQueue<>();

    @TempDir
    static Path folder;

    private static TestCertificate shown;
    private static TestCertificate clients;

    @BeforeAll
    static void makeCertificates() throws Exception {
        shown = TestCertificate.in(folder, "server");
        clients = TestCertificate.in(folder, "client");
        // What the JDK keeps for good once it has made something random.
        var engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        engine.beginHandshake();
    }

    private static StreamServer.Builder upper(ServerStrategy strategy) {
        return StreamServer.builder()
                .port(0)
                .strategy(strategy)
                .workers(1)
                .tls(Tls.of(shown.certificate(), shown.key()))
                .handler(TlsServerTest::answer);
    }

    private static void answer(Connection connection) {
        try {
            connection.text().forEach(text -> connection.write(text.toUpperCase(Locale.ROOT)));
            ENDINGS.add("end of stream");
        } catch (UncheckedIOException e) {
            ENDINGS.add(String.valueOf(e.getCause()));
            throw e;
        }
    }

    @ParameterizedTest
    @EnumSource(ServerStrategy.class)
    void allOfALargeConversationArrivesAndBothEndsAreSaid(ServerStrategy strategy) throws Exception {
        try (StreamServer server = upper(strategy).start();
                SSLSocket client = connect(server, null)) {
            byte[] said = "straße ".repeat(LARGE_BYTES / 8).getBytes(StandardCharsets.UTF_8);
            Thread writer = Thread.startVirtualThread(() -> {
                try {
                    client.getOutputStream().write(said);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            byte[] heard = client.getInputStream().readAllBytes();

            writer.join();
            assertThat(new String(heard, StandardCharsets.UTF_8)).isEqualTo("STRASSE ".repeat(LARGE_BYTES / 8));
            assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerStrategy.class,
            names = {"THREAD", "GREEN", "LOOP", "PROCESS"})
    void clientThatNeverBeginsItsHandshakeHoldsUpNobody(ServerStrategy strategy) throws Exception {
        try (StreamServer server = upper(strategy)
                        .handshakeTimeout(Duration.ofMinutes(10))
                        .drainGrace(Duration.ZERO)
                        .start();
                Socket _ = plain(server)) {
            assertAnswered(server, null);

            assertThat(server.connections())
                    .extracting(ConnectionInfo::state)
                    .as("the silent one is there all the time")
                    .contains(ConnectionState.HANDSHAKE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerStrategy.class,
            names = {"THREAD", "GREEN", "LOOP", "PROCESS"})
    void clientThatNeverBeginsItsHandshakeIsCut(ServerStrategy strategy) throws Exception {
        try (StreamServer server =
                        upper(strategy).handshakeTimeout(Duration.ofMillis(200)).start();
                Socket silent = plain(server)) {
            assertThat(silent.getInputStream().readAllBytes()).isEmpty();
            await(() -> server.statistics().cutHandshake() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerStrategy.class,
            names = {"THREAD", "GREEN", "LOOP", "PROCESS"})
    void plainTextIsAnsweredByAnAlertAndTheEnd(ServerStrategy strategy) throws Exception {
        try (StreamServer server = upper(strategy).start();
                Socket plain = plain(server)) {
            plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            byte[] heard = plain.getInputStream().readAllBytes();

            assertThat(heard).as("an alert record").startsWith(21, 3);
            assertAnswered(server, null);
            await(() -> server.statistics().cutHandshake() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerStrategy.class,
            names = {"THREAD", "GREEN", "LOOP"})
    void connectionThatIsCutShortIsNoEndOfTheStream(ServerStrategy strategy) throws Exception {
        ENDINGS.clear();
        try (StreamServer server = upper(strategy).start();
                Socket wire = plain(server)) {
            SSLSocket client = over(wire, server, null);
            client.getOutputStream().write("half of what".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(12)).asString().isEqualTo("HALF OF WHAT");

            wire.shutdownOutput();

            assertThat(ENDINGS.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).contains("close_notify");
        }
    }

    @Test
    void onlyClientsWithACertificateOfTheRightAuthorityAreServed() throws Exception {
        Tls tls = Tls.of(shown.certificate(), shown.key()).trusting(clients.certificate());
        try (StreamServer server = upper(ServerStrategy.GREEN).tls(tls).start()) {
            assertAnswered(server, clients);
            assertThatThrownBy(() -> assertAnswered(server, null)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> assertAnswered(server, shown)).isInstanceOf(IOException.class);
            await(() -> server.statistics().cutHandshake() == 2);
        }
    }

    @Test
    void olderProtocolsAreRefused() throws Exception {
        try (StreamServer server = upper(ServerStrategy.GREEN).start();
                SSLSocket client = connect(server, null)) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(client::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void missingFilesAreNamedWhenTheServerStarts() {
        Path absent = folder.resolve("absent.pem");
        assertThatThrownBy(() -> upper(ServerStrategy.GREEN)
                        .tls(Tls.of(absent, shown.key()))
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("absent.pem");
    }

    private static void assertAnswered(StreamServer server, TestCertificate own) throws Exception {
        try (SSLSocket client = connect(server, own)) {
            OutputStream out = client.getOutputStream();
            out.write("hello\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = client.getInputStream();
            assertThat(in.readNBytes(6)).asString().isEqualTo("HELLO\n");
        }
    }

    private static void await(BooleanSupplier isSo) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos).as("patience is over").isNegative();
            Thread.sleep(5);
        }
    }

    private static Socket plain(StreamServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static SSLSocket connect(StreamServer server, TestCertificate own) throws Exception {
        return over(plain(server), server, own);
    }

    private static SSLSocket over(Socket wire, StreamServer server, TestCertificate own) throws Exception {
        char[] none = {};
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, none);
        trusted.setCertificateEntry("server", shown.read());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = null;
        if (own != null) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            X509Certificate certificate = own.read();
            store.setKeyEntry(
                    "own", Pem.privateKey(own.key(), certificate.getPublicKey()), none, new X509Certificate[] {
                        certificate
                    });
            keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(wire, "localhost", server.port(), /* autoClose= */ true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }
}
