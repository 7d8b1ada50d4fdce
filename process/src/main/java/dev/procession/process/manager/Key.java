package dev.procession.process.manager;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that a manager and its clients share. It never goes over the line: each side proves that it has it, by a
 * code over two random numbers, one of each side.
 */
public final class Key implements Serializable {
    private static final long serialVersionUID = 1;

    /** Of a proof, and of a number. */
    static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Which side proves; a proof of one cannot be sent back as the other's. */
    enum Side {
        CLIENT('c'),
        MANAGER('m');

        private final byte mark;

        Side(char mark) {
            this.mark = (byte) mark;
        }
    }

    private final byte[] secret;

    private Key(byte[] secret) {
        this.secret = secret;
    }

    /**
     * A key that was agreed on.
     *
     * @param secret its bytes; copied
     * @return the key
     * @throws IllegalArgumentException if it is empty
     */
    public static Key of(byte[] secret) {
        if (secret.length == 0) {
            throw new IllegalArgumentException("an empty key: lengthBytes=0, min=1");
        }
        return new Key(secret.clone());
    }

    /**
     * A key that nobody can guess.
     *
     * @return the key
     */
    public static Key random() {
        return new Key(randomBytes());
    }

    static byte[] randomBytes() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    byte[] prove(Side side, byte[] clientNumber, byte[] managerNumber) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            mac.update(side.mark);
            mac.update(clientNumber);
            return mac.doFinal(managerNumber);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    boolean isProof(byte[] proof, Side side, byte[] clientNumber, byte[] managerNumber) {
        return MessageDigest.isEqual(proof, prove(side, clientNumber, managerNumber));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return ByteBuffer.wrap(secret).hashCode();
    }

    @Override
    public String toString() {
        return "Key[secret]";
    }
}
