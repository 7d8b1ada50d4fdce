package dev.procession.shm.os;

import java.util.Map;

/** The C library's error numbers, by the names one can look up. Linux, x86-64 and aarch64. */
final class Errno {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM: not permitted"),
            Map.entry(2, "ENOENT: no such file or folder"),
            Map.entry(3, "ESRCH: no such process"),
            Map.entry(7, "E2BIG: command line or environment too long"),
            Map.entry(8, "ENOEXEC: not a program for this machine"),
            Map.entry(9, "EBADF: no such descriptor"),
            Map.entry(10, "ECHILD: not a child of this process"),
            Map.entry(11, "EAGAIN: too many processes or threads for this user"),
            Map.entry(12, "ENOMEM: out of memory"),
            Map.entry(13, "EACCES: permission denied"),
            Map.entry(20, "ENOTDIR: not a folder"),
            Map.entry(22, "EINVAL: not possible"),
            Map.entry(23, "ENFILE: too many open files on this machine"),
            Map.entry(24, "EMFILE: too many open files in this process"),
            Map.entry(97, "EAFNOSUPPORT: no such kind of address on this machine"),
            Map.entry(98, "EADDRINUSE: another program listens there"),
            Map.entry(99, "EADDRNOTAVAIL: not an address of this machine"));

    private Errno() {}

    static String nameOf(int errno) {
        return NAMES.getOrDefault(errno, "see errno(3)");
    }
}
