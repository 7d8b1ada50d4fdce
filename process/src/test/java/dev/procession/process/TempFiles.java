package dev.procession.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What JVMs have left in their folder for temporary files. A user's folder for crash files stays, and is nothing while empty. */
final class TempFiles {
    private TempFiles() {}

    static List<String> left(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("procession-"))
                    .filter(file -> !file.getFileName().toString().startsWith("procession-crashes-") || !isEmpty(file))
                    .map(file -> file.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isEmpty(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
