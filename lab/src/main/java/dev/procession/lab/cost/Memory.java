package dev.procession.lab.cost;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process uses. */
final class Memory {
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

    private Memory() {}

    /**
     * What the system has given this process that is in memory now.
     *
     * @throws UnsupportedOperationException if the system does not tell
     */
    static long residentBytes() {
        try {
            Matcher matcher = RESIDENT.matcher(Files.readString(Path.of("/proc/self/status")));
            if (matcher.find()) {
                return Long.parseLong(matcher.group(1)) << 10;
            }
        } catch (IOException e) {
            throw new UnsupportedOperationException(
                    "this system has no /proc/self/status, which tells memory in use", e);
        }
        throw new UnsupportedOperationException("/proc/self/status tells no VmRSS");
    }

    /** What lives on the heap after a collection. */
    static long liveHeapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
