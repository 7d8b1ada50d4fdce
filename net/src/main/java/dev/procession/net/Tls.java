package dev.procession.net;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What one side of TLS connections shows and whom it trusts, as files in PEM. TLS 1.3 alone is spoken.
 *
 * <pre>{@code
 * Tls.of(Path.of("server.crt"), Path.of("server.key"))                             // a server
 * Tls.of(Path.of("server.crt"), Path.of("server.key")).trusting(Path.of("ca.crt")) // one whose clients must show theirs
 * Tls.system()                                                                     // a client that trusts whom the JDK trusts
 * Tls.system().trusting(Path.of("ca.crt"))                                         // one that trusts these alone
 * }</pre>
 *
 * <p><b>Renewal.</b> Each new connection asks the files for their times; where they changed they are read again. So a
 * certificate is renewed by replacing the files, and connections that are open go on with what they began with. Files that
 * do not fit together, because one of them is replaced a moment after the other, change nothing: the last that did stay in
 * use, and a warning says so.
 *
 * <p>Immutable. What travels to another process is the paths. Thread-safe.
 */
public final class Tls implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Logger LOG = System.getLogger("dev.procession.net");
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final char[] NO_PASSWORD = {};
    private static final int PROBE_BYTES = 32;

    private final @Nullable String certificate;
    private final @Nullable String key;
    private final @Nullable String trusted;

    private transient volatile @Nullable Loaded loaded;

    /** What is in use, and the state of the files when it, or what came after it and was no good, was read. */
    private record Loaded(SSLContext context, List<FileState> files) {}

    private record FileState(
            String path,
            long modifiedMillis,
            long bytes,
            @Nullable String identity) {}

    private Tls(@Nullable String certificate, @Nullable String key, @Nullable String trusted) {
        this.certificate = certificate;
        this.key = key;
        this.trusted = trusted;
    }

    /**
     * A side that shows a certificate. No file is read yet.
     *
     * @param certificate the certificate, and behind it those that lead to its authority
     * @param key its private key, not encrypted
     * @return the choice; trusts whom the JDK trusts
     */
    public static Tls of(Path certificate, Path key) {
        return new Tls(absolute(certificate), absolute(key), null);
    }

    /**
     * A side that shows no certificate, as most clients.
     *
     * @return the choice; trusts whom the JDK trusts
     */
    public static Tls system() {
        return new Tls(null, null, null);
    }

    /**
     * Trusts these authorities and no others. A server whose Tls says so asks clients for a certificate of theirs.
     *
     * @param authorities the file of their certificates
     * @return the changed choice
     */
    public Tls trusting(Path authorities) {
        return new Tls(certificate, key, absolute(authorities));
    }

    /** Puts TLS on connections that a server has accepted. */
    TransportLayer serverLayer() {
        return lower -> TlsTransport.over(lower, server());
    }

    /** Puts TLS on connections to a server of that name. */
    TransportLayer clientLayer(String host, int port) {
        return lower -> TlsTransport.over(lower, client(host, port));
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().toString();
    }

    /**
     * Reads the files, so that what is wrong with them is told now.
     *
     * @throws IOException if one cannot be read, is damaged, or does not fit the others; the message names it
     */
    void load() throws IOException {
        context();
    }

    /**
     * Reads the files as {@link #load}, for a server.
     *
     * @throws IOException as there
     * @throws IllegalArgumentException if there is no certificate to show
     */
    void loadForServer() throws IOException {
        if (certificate == null) {
            throw new IllegalArgumentException("a server must show a certificate: use Tls.of(certificate, key)");
        }
        load();
    }

    /** The server's side of one connection, before its handshake. */
    SSLEngine server() throws IOException {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setNeedClientAuth(trusted != null);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The client's side of one connection, before its handshake. The server's certificate must be for its name. */
    SSLEngine client(String host, int port) throws IOException {
        SSLEngine engine = context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SSLContext context() throws IOException {
        Loaded current = loaded;
        if (current == null || !current.files().equals(look())) {
            return reload();
        }
        return current.context();
    }

    private synchronized SSLContext reload() throws IOException {
        Loaded current = loaded;
        List<FileState> now = look();
        if (current != null && current.files().equals(now)) {
            return current.context();
        }
        SSLContext context;
        try {
            context = read();
        } catch (IOException e) {
            if (current == null) {
                throw e;
            }
            LOG.log(
                    Level.WARNING,
                    "the changed certificate files are no good; the earlier ones stay in use: " + e.getMessage());
            context = current.context();
        }
        loaded = new Loaded(context, now);
        return context;
    }

    private List<FileState> look() {
        return Stream.of(certificate, key, trusted)
                .filter(Objects::nonNull)
                .map(Tls::stateOf)
                .toList();
    }

    private static FileState stateOf(String path) {
        try {
            var attributes = Files.readAttributes(Path.of(path), BasicFileAttributes.class);
            return new FileState(
                    path,
                    attributes.lastModifiedTime().toMillis(),
                    attributes.size(),
                    String.valueOf(attributes.fileKey()));
        } catch (IOException absent) {
            return new FileState(path, 0, -1, null);
        }
    }

    private SSLContext read() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot use the certificate: file=" + certificate + ": " + e.getMessage(), e);
        }
    }

    private KeyManager @Nullable [] keyManagers() throws IOException, GeneralSecurityException {
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = Pem.certificates(Path.of(certificate));
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey privateKey = Pem.privateKey(Path.of(key), publicKey);
        ensurePair(privateKey, publicKey);
        KeyStore store = emptyStore();
        store.setKeyEntry("own", privateKey, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** The JDK itself would notice in the middle of each handshake. */
    private void ensurePair(PrivateKey privateKey, PublicKey publicKey) throws IOException, GeneralSecurityException {
        var signature = Signature.getInstance(
                switch (publicKey.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> publicKey.getAlgorithm();
                });
        byte[] probe = new byte[PROBE_BYTES];
        signature.initSign(privateKey);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(probe);
        if (!verifies(signature, signed)) {
            throw new IOException("the key is another certificate's: certificate=" + certificate + ", key=" + key);
        }
    }

    private static boolean verifies(Signature signature, byte[] signed) {
        try {
            return signature.verify(signed);
        } catch (SignatureException ofAnotherLength) {
            return false;
        }
    }

    private TrustManager @Nullable [] trustManagers() throws IOException, GeneralSecurityException {
        if (trusted == null) {
            return null;
        }
        KeyStore store = emptyStore();
        for (X509Certificate authority : Pem.certificates(Path.of(trusted))) {
            store.setCertificateEntry("authority-" + store.size(), authority);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
