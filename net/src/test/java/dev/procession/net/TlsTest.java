package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Principal;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys from files: which are understood, what is said of others, and what happens when they change. */
class TlsTest {
    private static final byte[] RSA_ENCRYPTION = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1
    };

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"RSA,2048", "RSA,3072", "EC,256", "EC,384", "Ed25519,"})
    void everyKindOfKeyServes(String algorithm, String size) throws Exception {
        TestCertificate made = size == null
                ? TestCertificate.in(folder, "server", "-keyalg", algorithm)
                : TestCertificate.in(folder, "server", "-keyalg", algorithm, "-keysize", size);
        assertThat(namesAfterHandshake(serverOf(made), clientTrusting(made))).isEqualTo("CN=server");
    }

    @ParameterizedTest
    @CsvSource({"RSA,2048,RSA PRIVATE KEY", "EC,256,EC PRIVATE KEY"})
    void olderFormsOfKeysServe(String algorithm, String size, String label) throws Exception {
        TestCertificate made = TestCertificate.in(folder, "server", "-keyalg", algorithm, "-keysize", size);
        byte[] inner =
                innerPart(Pem.privateKey(made.key(), made.read().getPublicKey()).getEncoded());
        Files.writeString(made.key(), TestCertificate.block(label, inner));
        assertThat(namesAfterHandshake(serverOf(made), clientTrusting(made))).isEqualTo("CN=server");
    }

    /** What PKCS#8 wraps: behind the version (three bytes) and the algorithm, in an octet string. */
    private static byte[] innerPart(byte[] pkcs8) {
        int algorithm = headerBytes(pkcs8, 0) + 3;
        int key = algorithm + headerBytes(pkcs8, algorithm) + lengthAt(pkcs8, algorithm);
        int from = key + headerBytes(pkcs8, key);
        return Arrays.copyOfRange(pkcs8, from, from + lengthAt(pkcs8, key));
    }

    private static int headerBytes(byte[] der, int at) {
        int first = Byte.toUnsignedInt(der[at + 1]);
        return first < 0x80 ? 2 : 2 + (first & 0x7F);
    }

    private static int lengthAt(byte[] der, int at) {
        int first = Byte.toUnsignedInt(der[at + 1]);
        int length = first < 0x80 ? first : 0;
        for (int i = 0; first >= 0x80 && i < (first & 0x7F); i++) {
            length = length << 8 | Byte.toUnsignedInt(der[at + 2 + i]);
        }
        return length;
    }

    @Test
    void clientThatMustShowACertificateIsKnownByIt() throws Exception {
        TestCertificate server = TestCertificate.in(folder, "server");
        TestCertificate client = TestCertificate.in(folder, "client");
        var serverFiles = Tls.of(server.certificate(), server.key()).trusting(client.certificate());
        SSLEngine serving = serverFiles.server();

        shakeHands(
                serving,
                Tls.of(client.certificate(), client.key())
                        .trusting(server.certificate())
                        .client("localhost", 1));

        assertThat(serving.getSession().getPeerPrincipal())
                .extracting(Principal::getName)
                .isEqualTo("CN=client");
    }

    @Test
    void clientWithoutTheCertificateItMustShowIsTurnedAway() throws Exception {
        TestCertificate server = TestCertificate.in(folder, "server");
        TestCertificate client = TestCertificate.in(folder, "client");
        SSLEngine serving = Tls.of(server.certificate(), server.key())
                .trusting(client.certificate())
                .server();
        assertThatThrownBy(() -> shakeHands(serving, clientTrusting(server))).isInstanceOf(SSLException.class);
    }

    @Test
    void serverWhoseCertificateIsForAnotherNameIsNotTrusted() throws Exception {
        TestCertificate server = TestCertificate.in(folder, "server");
        var client = Tls.system().trusting(server.certificate()).client("example.org", 1);
        assertThatThrownBy(() -> shakeHands(serverOf(server).server(), client))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("example.org");
    }

    @Test
    void changedFilesServeTheNextConnectionAndHalfChangedOnesDoNotYet() throws Exception {
        TestCertificate first = TestCertificate.in(folder, "first");
        TestCertificate second = TestCertificate.in(folder, "second");
        Tls files = serverOf(first);
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(first.certificate()) + Files.readString(second.certificate()));
        var client = Tls.system().trusting(both);
        assertThat(namesAfterHandshake(files, client)).isEqualTo("CN=first");

        Files.move(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(namesAfterHandshake(files, client)).isEqualTo("CN=first");

        Files.move(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(namesAfterHandshake(files, client)).isEqualTo("CN=second");
    }

    @Test
    void whatIsWrongWithFilesIsSaidOfEach() throws Exception {
        TestCertificate made = TestCertificate.in(folder, "server");
        TestCertificate other = TestCertificate.in(folder, "other");
        TestCertificate rsa = TestCertificate.in(folder, "rsa", "-keyalg", "RSA");
        Path absent = folder.resolve("absent.pem");
        Path encrypted = Files.writeString(
                folder.resolve("encrypted.key"), TestCertificate.block("ENCRYPTED PRIVATE KEY", RSA_ENCRYPTION));
        Path damaged =
                Files.writeString(folder.resolve("damaged.crt"), TestCertificate.block("CERTIFICATE", RSA_ENCRYPTION));

        assertRefused(absent, made.key(), "absent.pem");
        assertRefused(made.key(), made.key(), "no certificate in it: file=" + made.key());
        assertRefused(made.certificate(), made.certificate(), "no private key in it: file=" + made.certificate());
        assertRefused(made.certificate(), other.key(), "the key is another certificate's");
        assertRefused(made.certificate(), rsa.key(), "rsa.key");
        assertRefused(made.certificate(), encrypted, "openssl pkey -in " + encrypted);
        assertRefused(damaged, made.key(), "not a certificate: file=" + damaged);
    }

    private static void assertRefused(Path certificate, Path key, String reason) {
        assertThatIOException()
                .isThrownBy(() -> Tls.of(certificate, key).load())
                .withMessageContaining(reason);
    }

    private static Tls serverOf(TestCertificate made) {
        return Tls.of(made.certificate(), made.key());
    }

    private static SSLEngine clientTrusting(TestCertificate made) throws IOException {
        return Tls.system().trusting(made.certificate()).client("localhost", 1);
    }

    private static String namesAfterHandshake(Tls server, Tls client) throws Exception {
        return namesAfterHandshake(server, client.client("localhost", 1));
    }

    /** Who the client has spoken to. */
    private static String namesAfterHandshake(Tls server, SSLEngine client) throws Exception {
        shakeHands(server.server(), client);
        assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        return client.getSession().getPeerPrincipal().getName();
    }

    /** Two engines in one thread: each gets what the other has written, until both are done. */
    private static void shakeHands(SSLEngine server, SSLEngine client) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; turn < 20; turn++) {
            advance(client, toClient, toServer);
            advance(server, toServer, toClient);
        }
        assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
    }

    private static void advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer application = ByteBuffer.allocate(1 << 16);
        in.flip();
        engine.unwrap(in, application);
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
        }
    }
}
