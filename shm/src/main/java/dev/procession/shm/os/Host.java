package dev.procession.shm.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What must be equal for two processes to trust each other's process numbers and clocks: the boot of the machine, and
 * the namespaces in which those numbers and times are counted. Two containers on one machine differ in the latter.
 *
 * @param boot the kernel's identity of this boot, or zeros where it has none
 * @param pidNamespace inode of the process-number namespace, or 0
 * @param timeNamespace inode of the time namespace, or 0
 */
public record Host(UUID boot, long pidNamespace, long timeNamespace) {
    private static final Host CURRENT = new Host(readBoot(), inodeOf("pid"), inodeOf("time"));

    /**
     * Where this JVM runs.
     *
     * @return this boot and these namespaces
     */
    public static Host current() {
        return CURRENT;
    }

    private static UUID readBoot() {
        try {
            return UUID.fromString(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        } catch (IOException | IllegalArgumentException none) {
            return new UUID(0, 0);
        }
    }

    private static long inodeOf(String namespace) {
        try {
            return (long) Files.getAttribute(Path.of("/proc/self/ns", namespace), "unix:ino");
        } catch (IOException | UnsupportedOperationException none) {
            return 0;
        }
    }
}
