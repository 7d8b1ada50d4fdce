package dev.procession.process;

import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A process and all that came of it: its process group, its children and theirs, and whoever bears its mark in the
 * environment, though its parent may have died and its group may be another.
 *
 * <pre>
 *   look for members of the tree ---> stop the new ones (SIGSTOP) ---> any new? look again
 *                                                                 \--> none: SIGKILL to all
 * </pre>
 *
 * <p>What is stopped makes no more processes, so the set grows until it is whole. Out of reach is a process that has cleared
 * its environment, left the group, and lost its parent. Source: the freezer of cgroups, by hand.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final int MOST_ROUNDS = 50;

    private final ProcessIdentity root;
    private final String mark;
    private final Set<Long> members = new HashSet<>();

    /**
     * A tree.
     *
     * @param root its root; if that is gone already what bears the mark is still found
     * @param mark a variable with its value, {@code NAME=VALUE}, that the root was started with
     */
    ProcessTree(ProcessIdentity root, String mark) {
        this.root = root;
        this.mark = mark;
    }

    /** Kills all of it. Returns once every process was sent the signal. */
    void kill() {
        if (!Files.isDirectory(PROC)) {
            ProcessHandle.of(root.pid()).ifPresent(handle -> {
                handle.descendants().forEach(ProcessHandle::destroyForcibly);
                handle.destroyForcibly();
            });
            return;
        }
        if (root.isAlive()) {
            add(root.pid());
        }
        for (int round = 0; round < MOST_ROUNDS && grow(); round++) {
            // Once more: what was stopped just now may have made others before.
        }
        members.forEach(pid -> Signals.send(pid, Signals.KILL));
    }

    private boolean add(long pid) {
        if (pid == ProcessHandle.current().pid() || !members.add(pid)) {
            return false;
        }
        boolean _ = Signals.send(pid, Signals.STOP);
        return true;
    }

    private boolean grow() {
        boolean grown = false;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (!members.contains(pid) && belongs(process)) {
                    grown |= add(pid);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return grown;
        }
        return grown;
    }

    private boolean belongs(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // pid (command) state parent group ...
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return !ended
                    && (members.contains(Long.parseLong(fields[1]))
                            || (members.contains(root.pid()) && Long.parseLong(fields[2]) == root.pid())
                            || bearsMark(process));
        } catch (IOException | RuntimeException _) {
            return false; // it ended meanwhile, or is another user's
        }
    }

    private boolean bearsMark(Path process) throws IOException {
        String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        return environment.startsWith(mark + '\0') || environment.contains('\0' + mark + '\0');
    }
}
