package dev.procession.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys as the tools of the field write them.
 *
 * <p>A key may be as PKCS#8 ({@code BEGIN PRIVATE KEY}) or in the older forms of PKCS#1 ({@code BEGIN RSA PRIVATE KEY}) and
 * SEC 1 ({@code BEGIN EC PRIVATE KEY}), which the JDK does not read: they are the inner part of a PKCS#8 key, whose outer
 * part names the algorithm, and that stands in the certificate too.
 *
 * <p>Source: RFC 7468, RFC 5958, RFC 8017 A.1.2, RFC 5915.
 */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private Pem() {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Block(String label, byte[] bytes) {}

    /**
     * Reads all certificates of a file, in their order.
     *
     * @throws IOException if it cannot be read, or holds none; the message names the file
     */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                found.add(certificate(file, block));
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no certificate in it: file=" + file + ", expected=-----BEGIN CERTIFICATE-----");
        }
        return found;
    }

    private static X509Certificate certificate(Path file, Block block) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException e) {
            throw new IOException("not a certificate: file=" + file, e);
        }
    }

    /**
     * Reads the private key of a certificate.
     *
     * @throws IOException if the file cannot be read, holds no key, or one that is encrypted or of another kind; the message
     *     names the file
     */
    static PrivateKey privateKey(Path file, PublicKey publicKey) throws IOException {
        for (Block block : blocks(file)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return decode(file, block.bytes(), publicKey);
                }
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return decode(file, wrap(block.bytes(), algorithmOf(publicKey)), publicKey);
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new IOException("the key is encrypted, and nobody is here to give the password: file=" + file
                            + "; store it decrypted, with mode 0600: openssl pkey -in " + file + " -out key.pem");
                default -> {
                    // Parameters of a curve, or the certificates beside the key.
                }
            }
        }
        throw new IOException("no private key in it: file=" + file + ", expected=-----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey decode(Path file, byte[] pkcs8, PublicKey publicKey) throws IOException {
        try {
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "not a private key of the certificate's kind: file=" + file + ", kind=" + publicKey.getAlgorithm(),
                    e);
        }
    }

    /** {@code PrivateKeyInfo ::= SEQUENCE { version INTEGER, algorithm AlgorithmIdentifier, key OCTET STRING }}. */
    private static byte[] wrap(byte[] key, byte[] algorithm) {
        var inner = new ByteArrayOutputStream();
        inner.writeBytes(VERSION_0);
        inner.writeBytes(algorithm);
        inner.writeBytes(element(OCTET_STRING, key));
        return element(SEQUENCE, inner.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int lengthBytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            out.write(0x80 | lengthBytes);
            for (int i = lengthBytes - 1; i >= 0; i--) {
                out.write(content.length >> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** The first part of {@code SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, key BIT STRING }}. */
    private static byte[] algorithmOf(PublicKey key) {
        byte[] info = key.getEncoded();
        int from = contentOf(info, 0);
        int end = contentOf(info, from) + lengthAt(info, from);
        return Arrays.copyOfRange(info, from, end);
    }

    private static int contentOf(byte[] der, int element) {
        int length = Byte.toUnsignedInt(der[element + 1]);
        return element + 2 + (length < 0x80 ? 0 : length & 0x7F);
    }

    private static int lengthAt(byte[] der, int element) {
        int length = Byte.toUnsignedInt(der[element + 1]);
        if (length < 0x80) {
            return length;
        }
        int value = 0;
        for (int i = 0; i < (length & 0x7F); i++) {
            value = value << 8 | Byte.toUnsignedInt(der[element + 2 + i]);
        }
        return value;
    }

    private static List<Block> blocks(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        for (Matcher matcher = BLOCK.matcher(text); matcher.find(); ) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new IOException("damaged: file=" + file + ", block=" + matcher.group(1), e);
            }
        }
        return blocks;
    }
}
