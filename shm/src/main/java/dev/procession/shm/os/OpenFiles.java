package dev.procession.shm.os;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Files without a name that processes of this user have open: seen through /proc, where each descriptor is a link that tells
 * what it leads to. Processes of others, and what cannot be seen, are passed over.
 */
public final class OpenFiles {
    private static final String WITHOUT_NAME = " (deleted)";

    private OpenFiles() {}

    /**
     * Looks for files.
     *
     * @param label a part of what they are called
     * @return a path for each descriptor by which a file of that label can be opened, by what the file is called: the same
     *     file is called the same in all processes. May be out of date on return
     */
    public static Map<String, List<Path>> labelled(String label) {
        Map<String, List<Path>> found = new HashMap<>();
        for (Path process : entriesOf(Path.of("/proc"), "[0-9]*")) {
            if (isOfThisUser(process)) {
                for (Path descriptor : entriesOf(process.resolve("fd"), "*")) {
                    String target = targetOf(descriptor);
                    if (target.contains(label) && target.endsWith(WITHOUT_NAME)) {
                        found.computeIfAbsent(target, _ -> new ArrayList<>()).add(descriptor);
                    }
                }
            }
        }
        return found;
    }

    /**
     * The process that a path of {@link #labelled} leads through.
     *
     * @param descriptor the path
     * @return the process's number
     */
    public static long processOf(Path descriptor) {
        return Long.parseLong(descriptor.getName(1).toString());
    }

    private static boolean isOfThisUser(Path process) {
        try {
            return Objects.equals(Files.getAttribute(process, "unix:uid"), PrivateFolder.user());
        } catch (IOException ended) {
            return false;
        }
    }

    private static List<Path> entriesOf(Path folder, String pattern) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException closed) {
            // The process has ended, or lets nobody look. What was seen before that stays seen.
        }
        return entries;
    }

    private static String targetOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }
}
