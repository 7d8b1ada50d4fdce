package dev.procession.shm.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Signals and process groups.
 *
 * <p>No method blocks. The numbers are Linux's, on x86-64 and aarch64 alike.
 *
 * <p>Source: POSIX.1-2024, {@code kill(2)}, {@code setpgid(2)}; signal numbers of {@code signal(7)}.
 */
public final class Signals {
    /** Ends a process at once; cannot be caught. */
    public static final int KILL = 9;

    /** Asks a process to end; a JVM runs its shutdown hooks. */
    public static final int TERM = 15;

    /** Continues a stopped process. */
    public static final int CONT = 18;

    /** Stops a process until {@link #CONT}; cannot be caught. */
    public static final int STOP = 19;

    private static final int ESRCH = 3;

    private static final String[] NAMES = {
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private static final Libc.Function KILL_CALL = Libc.function("kill");
    private static final Libc.Function SETPGID = Libc.function("setpgid");
    private static final Libc.Function GETPGID = Libc.function("getpgid");

    private Signals() {}

    /**
     * Sends a signal to one process.
     *
     * @param pid the process
     * @param signal its number; 0 sends nothing and only asks whether the process exists
     * @return false if there is no such process
     * @throws IllegalStateException if the system refuses, for instance because the process is another user's
     */
    public static boolean send(long pid, int signal) {
        if (pid <= 0) {
            throw new IllegalArgumentException("not a process: pid=" + pid);
        }
        return kill(Math.toIntExact(pid), signal, "pid=" + pid);
    }

    /**
     * Sends a signal to every process of a group.
     *
     * @param group the group's number, which is the pid of its leader
     * @param signal its number
     * @return false if the group has no process left
     * @throws IllegalStateException if the system refuses
     */
    public static boolean sendToGroup(long group, int signal) {
        if (group <= 1) {
            throw new IllegalArgumentException("not a process group: group=" + group);
        }
        return kill(Math.toIntExact(-group), signal, "group=" + group);
    }

    private static boolean kill(int target, int signal, String where) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            if (KILL_CALL.call(errno, target, signal) == 0) {
                return true;
            }
            if (Libc.errno(errno) == ESRCH) {
                return false;
            }
            throw new IllegalStateException(
                    "cannot send a signal: signal=" + nameOf(signal) + ", " + where + ", errno=" + Libc.errno(errno));
        }
    }

    /**
     * Makes this process the leader of a process group of its own, so that one signal reaches it and what it starts.
     *
     * @throws IllegalStateException if the system refuses (a session leader cannot)
     */
    public static void leadOwnGroup() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.errnoBuffer(arena);
            if (SETPGID.call(errno, 0, 0) != 0) {
                throw new IllegalStateException("cannot lead a process group: errno=" + Libc.errno(errno));
            }
        }
    }

    /**
     * The process group of a process.
     *
     * @param pid the process; 0 for this one
     * @return the group's number, or -1 if there is no such process
     */
    public static long groupOf(long pid) {
        return GETPGID.call(Libc.IGNORED, pid);
    }

    /**
     * Ends this process, and all of its group, by {@link #KILL}: no hook, no finally block, no safepoint. Meant for a
     * process that {@linkplain #leadOwnGroup leads its own group}.
     */
    public static void killOwnGroup() {
        int _ = KILL_CALL.call(Libc.IGNORED, 0, KILL); // allocates nothing: the heap may be full
    }

    /**
     * The name of a signal, as in {@code SIGKILL}.
     *
     * @param signal its number
     * @return the name, or {@code SIG} and the number where it has none
     */
    public static String nameOf(int signal) {
        return "SIG" + (signal >= 1 && signal <= NAMES.length ? NAMES[signal - 1] : String.valueOf(signal));
    }
}
