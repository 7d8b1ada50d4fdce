package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for localhost that signs for itself, made by the JDK's {@code keytool} when a test needs it, so that no key
 * lies in the repository.
 *
 * @param certificate its file, which is the authority that vouches for it as well
 * @param key the file of its private key
 */
public record TestCertificate(Path certificate, Path key) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Makes one of elliptic curves, which takes least time. */
    public static TestCertificate in(Path folder, String name) throws Exception {
        return in(folder, name, "-keyalg", "EC", "-groupname", "secp256r1");
    }

    /** Makes one of a kind of key. */
    public static TestCertificate in(Path folder, String name, String... kind) throws Exception {
        Path store = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                "own",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2"));
        command.addAll(List.of(kind));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return fromStore(store, folder, name);
    }

    private static TestCertificate fromStore(Path store, Path folder, String name)
            throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        var certificate = new TestCertificate(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        Files.writeString(
                certificate.certificate,
                block("CERTIFICATE", keys.getCertificate("own").getEncoded()));
        Files.writeString(
                certificate.key,
                block("PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded()));
        return certificate;
    }

    static String block(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + label + "-----\n";
    }

    /** Puts this one in the place of another: first the certificate, a moment later the key. */
    public void replace(TestCertificate other) throws IOException {
        Files.move(certificate, other.certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.move(key, other.key, StandardCopyOption.REPLACE_EXISTING);
    }

    X509Certificate read() throws IOException {
        return Pem.certificates(certificate).getFirst();
    }
}
