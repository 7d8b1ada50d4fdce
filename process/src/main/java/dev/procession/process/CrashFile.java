package dev.procession.process;

import dev.procession.process.JvmCommand.Model;
import dev.procession.shm.os.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a child's JVM writes what it knows if it crashes, {@code hs_err_pid} by its own name. It holds memory and
 * variables of the child, so it goes to a folder that nobody else can read, {@code procession-crashes-UID} in the
 * temporary folder, under a name that no other child has or will have. Nothing is there unless the JVM crashes, and
 * nothing removes it then but the user or the system's own sweeping of temporary files.
 *
 * <p>A user who chose a place by {@code -XX:ErrorFile} keeps it. Where there is no such folder to be had, the JVM's own
 * default stands: the child's working directory.
 *
 * @param option what the command of the child gets
 * @param pattern the path, with {@code %p} for the pid
 */
record CrashFile(List<String> option, String pattern) {
    private static final System.Logger LOG = System.getLogger(CrashFile.class.getPackageName());
    private static final String OPTION = "-XX:ErrorFile=";
    private static final String PID = "%p";

    /**
     * The place for one child.
     *
     * @param mark tells the child from all others
     */
    static CrashFile of(Model model, List<String> chosen, @Nullable Path workingDirectory, String mark) {
        Path base = workingDirectory == null ? model.workingDirectory() : workingDirectory.toAbsolutePath();
        Optional<String> given = Stream.concat(model.inherited().stream(), chosen.stream())
                .filter(option -> option.startsWith(OPTION))
                .reduce((_, last) -> last)
                .map(option -> option.substring(OPTION.length()));
        if (given.isPresent()) {
            return new CrashFile(List.of(), base.resolve(given.get()).toString());
        }
        Path folder = Folder.PLACE;
        if (folder == null) {
            return new CrashFile(
                    List.of(), base.resolve("hs_err_pid" + PID + ".log").toString());
        }
        String pattern = folder.resolve("crash-" + mark + "-pid" + PID + ".log").toString();
        return new CrashFile(List.of(OPTION + pattern), pattern);
    }

    /** The file, if the child has left one. */
    Optional<Path> leftBy(long pid) {
        return Optional.of(Path.of(pattern.replace(PID, Long.toString(pid)))).filter(Files::isRegularFile);
    }

    /** Made once per JVM. */
    private static final class Folder {
        static final @Nullable Path PLACE = make();

        private static @Nullable Path make() {
            try {
                Path place = Path.of(System.getProperty("java.io.tmpdir"), "procession-crashes-" + PrivateFolder.user())
                        .toAbsolutePath();
                if (place.toString().contains("%")) {
                    return null; // to the JVM that is a variable
                }
                PrivateFolder.make(place);
                return place;
            } catch (IOException | UnsupportedOperationException | LinkageError e) {
                LOG.log(System.Logger.Level.DEBUG, "no private place for crash files", e);
                return null;
            }
        }
    }
}
