package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.BOOT_HIGH_AT;
import static dev.procession.shm.engine.SpaceLayout.BOOT_LOW_AT;
import static dev.procession.shm.engine.SpaceLayout.CREATED_AT;
import static dev.procession.shm.engine.SpaceLayout.CREATOR_AT;
import static dev.procession.shm.engine.SpaceLayout.CREATOR_BYTES;
import static dev.procession.shm.engine.SpaceLayout.CREATOR_LENGTH_AT;
import static dev.procession.shm.engine.SpaceLayout.DEADLOCK_POLICY_AT;
import static dev.procession.shm.engine.SpaceLayout.DIGEST;
import static dev.procession.shm.engine.SpaceLayout.DIGEST_AT;
import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.ID_HIGH_AT;
import static dev.procession.shm.engine.SpaceLayout.ID_LOW_AT;
import static dev.procession.shm.engine.SpaceLayout.LIMIT_AT;
import static dev.procession.shm.engine.SpaceLayout.MAGIC;
import static dev.procession.shm.engine.SpaceLayout.MAGIC_AT;
import static dev.procession.shm.engine.SpaceLayout.PID_NAMESPACE_AT;
import static dev.procession.shm.engine.SpaceLayout.ROOT_AT;
import static dev.procession.shm.engine.SpaceLayout.TIME_NAMESPACE_AT;
import static dev.procession.shm.engine.SpaceLayout.VERSION;
import static dev.procession.shm.engine.SpaceLayout.VERSION_AT;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.os.Host;
import dev.procession.shm.os.ProcessIdentity;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Writes the header of a new space, and refuses a space whose header is not what this JVM can work with. */
final class SpaceHeader {
    private SpaceHeader() {}

    /** The magic is stored last: a header that has it is whole. */
    static void write(Cells header, UUID id, SpaceTerms terms) {
        Host host = Host.current();
        header.setInt(VERSION_AT, VERSION);
        header.setInt(DIGEST_AT, DIGEST);
        header.setLong(ID_HIGH_AT, id.getMostSignificantBits());
        header.setLong(ID_LOW_AT, id.getLeastSignificantBits());
        header.setLong(BOOT_HIGH_AT, host.boot().getMostSignificantBits());
        header.setLong(BOOT_LOW_AT, host.boot().getLeastSignificantBits());
        header.setLong(PID_NAMESPACE_AT, host.pidNamespace());
        header.setLong(TIME_NAMESPACE_AT, host.timeNamespace());
        header.setLong(ROOT_AT, ProcessIdentity.current().pack());
        header.setLong(LIMIT_AT, terms.limitBytes());
        header.setInt(DEADLOCK_POLICY_AT, terms.deadlocksOrDefault().code);
        header.setLong(CREATED_AT, System.currentTimeMillis());
        byte[] program = program().getBytes(StandardCharsets.UTF_8);
        int length = Math.min(program.length, CREATOR_BYTES);
        header.setInt(CREATOR_LENGTH_AT, length);
        header.copyIn(CREATOR_AT, program, 0, length);
        header.setLongRelease(MAGIC_AT, MAGIC);
    }

    /** The main class; arguments may be secret. */
    private static String program() {
        return System.getProperty("sun.java.command", "").split(" ", 2)[0];
    }

    static UUID id(Cells header) {
        return new UUID(header.getLong(ID_HIGH_AT), header.getLong(ID_LOW_AT));
    }

    static String creator(Cells header) {
        byte[] text = new byte[Math.clamp(header.getInt(CREATOR_LENGTH_AT), 0, CREATOR_BYTES)];
        header.copyOut(CREATOR_AT, text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Refuses a file too short to be a space, before anything of it is mapped. */
    static void checkSize(long sizeBytes, String path) {
        if (sizeBytes < HEAP_AT) {
            throw new IllegalStateException("not a space, or a truncated one: sizeBytes=" + sizeBytes
                    + ", expected at least " + HEAP_AT + ", file=" + path);
        }
    }

    /** Refuses what is no space, or one of a build with another layout. */
    static void checkLayout(Cells header, String path) {
        expect("magic", MAGIC, header.getLongAcquire(MAGIC_AT), path, "this is not a file of Procession");
        String otherBuild = "the space was made by another version of Procession";
        expect("version", VERSION, header.getInt(VERSION_AT), path, otherBuild);
        expect("layout digest", DIGEST, header.getInt(DIGEST_AT), path, otherBuild);
    }

    static boolean isOfThisBoot(Cells header) {
        return Host.current().boot().equals(new UUID(header.getLong(BOOT_HIGH_AT), header.getLong(BOOT_LOW_AT)));
    }

    static void check(Cells header, SpaceAddress expected) {
        String path = expected.path();
        checkLayout(header, path);
        UUID found = id(header);
        if (!found.equals(expected.id())) {
            throw new SpaceGoneException("the space is gone, another has taken its place: expected id=" + expected.id()
                    + ", found id=" + found + ", file=" + path);
        }
        Host host = Host.current();
        String otherHost =
                "the space belongs to another boot of the machine or to another container, whose processes and"
                        + " clocks cannot be told from here";
        expect(
                "boot id, upper half",
                host.boot().getMostSignificantBits(),
                header.getLong(BOOT_HIGH_AT),
                path,
                otherHost);
        expect(
                "boot id, lower half",
                host.boot().getLeastSignificantBits(),
                header.getLong(BOOT_LOW_AT),
                path,
                otherHost);
        expect("pid namespace", host.pidNamespace(), header.getLong(PID_NAMESPACE_AT), path, otherHost);
        expect("time namespace", host.timeNamespace(), header.getLong(TIME_NAMESPACE_AT), path, otherHost);
    }

    private static void expect(String field, long expected, long found, String path, String meaning) {
        if (found != expected) {
            throw new IllegalStateException(meaning + ": field=" + field + ", expected=" + Long.toHexString(expected)
                    + ", found=" + Long.toHexString(found) + ", file=" + path);
        }
    }
}
