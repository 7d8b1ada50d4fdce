package dev.procession.shm.os;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What tells one Linux from another: the numbers of the system calls that the C library has no function for, and of flags.
 */
enum Architecture {
    X86_64(202, 273, 449, 186, 0x10000, 0x20000),
    AARCH64(98, 99, 449, 178, 0x4000, 0x8000);

    /** This machine's, or null where there is no Linux, or one we have no numbers for. */
    static final @Nullable Architecture CURRENT = detect(System.getProperty("os.name"), System.getProperty("os.arch"));

    final long futex;
    final long setRobustList;
    final long futexWaitv;
    final long gettid;

    /** O_DIRECTORY and O_NOFOLLOW of {@code open}. */
    private final int directoryFlag;

    private final int noFollowFlag;

    Architecture(long futex, long setRobustList, long futexWaitv, long gettid, int directoryFlag, int noFollowFlag) {
        this.futex = futex;
        this.setRobustList = setRobustList;
        this.futexWaitv = futexWaitv;
        this.gettid = gettid;
        this.directoryFlag = directoryFlag;
        this.noFollowFlag = noFollowFlag;
    }

    static int directory() {
        return current().directoryFlag;
    }

    static int noFollow() {
        return current().noFollowFlag;
    }

    private static Architecture current() {
        if (CURRENT == null) {
            throw new UnsupportedOperationException("no private files on this platform: os="
                    + System.getProperty("os.name") + ", arch=" + System.getProperty("os.arch"));
        }
        return CURRENT;
    }

    static @Nullable Architecture detect(String osName, String osArch) {
        if (!osName.equals("Linux")) {
            return null;
        }
        return switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> null;
        };
    }
}
