package dev.procession.process;

import dev.procession.shm.os.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The user's folder of trained archives, which all JVMs of that user share. What is in it can be lost at any time.
 *
 * <pre>{@code
 *   $XDG_CACHE_HOME/procession        or ~/.cache/procession; mode 0700
 *     KEY-1f3a9c04.aot      an archive; counts only if KEY.archive names it
 *     KEY.archive           "KEY-1f3a9c04.aot 16498688 5be4a0d1": name, size, CRC-32C. Renamed into place: that is the
 *                           moment from which the archive is there
 *     KEY.refused           why there is none; nobody tries again for a day
 *     KEY.lock              held by who trains, so by nobody if that one was killed
 * }</pre>
 *
 * <p>The checksum is looked at before an archive is first used: the JVM itself notices a wrong header, but maps a damaged
 * body and crashes.
 */
final class ArchiveFolder {
    private static final Duration REFUSED_FOR = Duration.ofDays(1);
    private static final Duration KEPT_UNUSED_FOR = Duration.ofDays(30);
    private static final String ARCHIVE = ".archive";
    private static final String REFUSED = ".refused";
    private static final String LOCK = ".lock";
    private static final int RANDOM_BYTES = 4;

    private final Path place;

    private ArchiveFolder(Path place) {
        this.place = place;
    }

    /**
     * The folder where it is to be, made and found private.
     *
     * @throws IOException if there is no place for one, or somebody else can write to it
     */
    static ArchiveFolder ofUser() throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache != null && Path.of(cache).isAbsolute()
                ? Path.of(cache)
                : Path.of(System.getProperty("user.home"), ".cache").toAbsolutePath();
        Files.createDirectories(base);
        return at(base.resolve("procession"));
    }

    static ArchiveFolder at(Path place) throws IOException {
        PrivateFolder.make(place);
        return new ArchiveFolder(place);
    }

    Path place() {
        return place;
    }

    /** The whole and undamaged archive of a key, and that it is in use. */
    Optional<Path> find(String key) throws IOException {
        Path entry = place.resolve(key + ARCHIVE);
        String[] fields;
        try {
            fields = Files.readString(entry).strip().split(" ", -1);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        if (fields.length != 3 || !fields[0].startsWith(key)) {
            return Optional.empty();
        }
        Path archive = place.resolve(fields[0]);
        if (!Files.isRegularFile(archive) || !fields[1].equals(Long.toString(Files.size(archive)))) {
            return Optional.empty();
        }
        if (!fields[2].equals(checksum(archive))) {
            return Optional.empty();
        }
        if (isOlderThan(Duration.ofDays(1), entry)) {
            Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
        }
        return Optional.of(archive);
    }

    /** Whether one who has found no archive should have one trained: nobody does, and it was not refused lately. */
    boolean isUntried(String key) throws IOException {
        Path refusal = place.resolve(key + REFUSED);
        if (Files.exists(refusal) && !isOlderThan(REFUSED_FOR, refusal)) {
            return false;
        }
        try (Training training = begin(key)) {
            return training != null;
        }
    }

    private static boolean isOlderThan(Duration age, Path file) throws IOException {
        return Files.getLastModifiedTime(file)
                .toInstant()
                .isBefore(Instant.now().minus(age));
    }

    private static String checksum(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            var checksum = new CRC32C();
            checksum.update(content);
            return Long.toHexString(checksum.getValue());
        }
    }

    /** Takes the lock of a key; null if somebody has it. */
    @Nullable
    Training begin(String key) throws IOException {
        FileChannel channel =
                FileChannel.open(place.resolve(key + LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new Training(key, channel);
            }
        } catch (OverlappingFileLockException _) {
            // by another thread of this JVM
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    /** The making of one archive, by one process. */
    final class Training implements AutoCloseable {
        private final String key;
        private final FileChannel lock;

        private Training(String key, FileChannel lock) {
            this.key = key;
            this.lock = lock;
        }

        /** Where to write the archive: a name that was never used. What those left who were killed is removed first. */
        Path target() throws IOException {
            removeArchivesBut(null);
            byte[] random = new byte[RANDOM_BYTES];
            new SecureRandom().nextBytes(random);
            return place.resolve(key + "-" + HexFormat.of().formatHex(random) + ".aot");
        }

        /** From here on the archive is the key's. */
        void publish(Path archive) throws IOException {
            Path entry = place.resolve(key + ".new");
            Files.writeString(
                    entry, archive.getFileName() + " " + Files.size(archive) + " " + checksum(archive) + "\n");
            Files.move(entry, place.resolve(key + ARCHIVE), StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(place.resolve(key + REFUSED));
            removeArchivesBut(archive);
            sweep();
        }

        void refuse(String reason) throws IOException {
            Files.deleteIfExists(place.resolve(key + ARCHIVE));
            removeArchivesBut(null);
            Files.writeString(place.resolve(key + REFUSED), reason + "\n");
        }

        private void removeArchivesBut(@Nullable Path kept) throws IOException {
            for (Path file : list(key + "-*")) {
                if (!file.equals(kept)) {
                    Files.deleteIfExists(file);
                }
            }
        }

        @Override
        public void close() throws IOException {
            lock.close();
        }
    }

    /** Removes what nobody used for a month: archives of jars that have changed since, mostly. */
    private void sweep() throws IOException {
        for (Path entry : list("*" + ARCHIVE)) {
            String name = entry.getFileName().toString();
            String stale = name.substring(0, name.length() - ARCHIVE.length());
            if (isOlderThan(KEPT_UNUSED_FOR, entry)) {
                for (Path file : list(stale + "[-.]*")) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private List<Path> list(String glob) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place, glob)) {
            return java.util.stream.StreamSupport.stream(files.spliterator(), /* parallel= */ false)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
