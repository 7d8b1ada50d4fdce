package dev.procession.lab.ticket;

import dev.procession.lab.experiment.UsageException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collection;

/**
 * A file of tickets that several processes read and write.
 *
 * <p>It is replaced, never changed in place: the new text goes into a file beside it, which is then renamed over it. So
 * whoever reads it, whenever anybody is killed, reads one whole text. What this does not give is the point of the
 * experiments: that nobody else wrote between one's read and one's write.
 *
 * <p>Serializable, so that a buyer can take it along.
 */
final class TicketFile implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long MOST_BYTES = 16L << 20;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final String path;

    private TicketFile(Path path) {
        this.path = path.toString();
    }

    /**
     * A new file, made in a folder of our own.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    static TicketFile create(Path path, byte[] text) {
        try {
            Files.write(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TicketFile(path);
    }

    /**
     * The reader's file, with everything checked that would go wrong later.
     *
     * @throws UsageException if it is missing, is no ticket file or cannot be replaced; it was not touched
     */
    static TicketFile open(Path given) {
        TicketFile file = new TicketFile(real(given));
        try {
            file.read();
        } catch (Tickets.MalformedException e) {
            throw new UsageException(given + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UsageException(given + ": cannot be read: " + reasonOf(e));
        }
        file.ensureReplaceable(given);
        return file;
    }

    /** The file itself, links followed: a link is to stay a link. */
    private static Path real(Path given) {
        Path real;
        try {
            real = given.toRealPath();
        } catch (NoSuchFileException e) {
            throw new UsageException(given + ": no such file; make one like {\"count\": 5}, or leave --file out");
        } catch (IOException e) {
            throw new UsageException(given + ": cannot be read: " + reasonOf(e));
        }
        if (!Files.isRegularFile(real)) {
            throw new UsageException(
                    given + ": expected a file, found a " + (Files.isDirectory(real) ? "folder" : "device"));
        }
        return real;
    }

    private void ensureReplaceable(Path given) {
        if (!Files.isWritable(path())) {
            throw new UsageException(given + ": not writable; allow it (chmod u+w) or copy the file");
        }
        try {
            Path beside = besideOf(ProcessHandle.current().pid());
            Files.createFile(beside);
            Files.delete(beside);
        } catch (IOException e) {
            throw new UsageException(
                    given + ": cannot be replaced, since its folder takes no new file beside it: " + reasonOf(e));
        }
    }

    private static String reasonOf(IOException e) {
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return e instanceof AccessDeniedException
                ? "permission denied"
                : reason == null ? e.getClass().getSimpleName() : reason;
    }

    Path path() {
        return Path.of(path);
    }

    private byte[] bytes() throws IOException {
        long size = Files.size(path());
        if (size > MOST_BYTES) {
            throw new IOException("it has " + size + " bytes; a ticket file has at most " + MOST_BYTES);
        }
        return Files.readAllBytes(path());
    }

    /** What the file says now. */
    Tickets read() throws IOException, Tickets.MalformedException {
        return Tickets.parse(bytes());
    }

    /** Replaces the file by this text; its permissions stay, and its owner where this user may give files away. */
    void replace(byte[] text) throws IOException {
        Path beside = besideOf(ProcessHandle.current().pid());
        Files.deleteIfExists(beside);
        Files.createFile(beside, OWNER_ONLY);
        Files.write(beside, text);
        PosixFileAttributes old = Files.readAttributes(path(), PosixFileAttributes.class);
        keepOwner(beside, old.owner());
        Files.setPosixFilePermissions(beside, old.permissions());
        Files.move(beside, path(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void keepOwner(Path beside, UserPrincipal owner) throws IOException {
        if (!owner.equals(Files.getOwner(beside))) {
            try {
                Files.setOwner(beside, owner);
            } catch (FileSystemException e) {
                // Only root may give files away; then the file becomes this user's, who may write it anyhow.
            }
        }
    }

    /**
     * Removes what killed buyers left beside the file.
     *
     * @throws UncheckedIOException if that cannot be removed
     */
    void sweepAfter(Collection<Long> deadPids) {
        try {
            for (long pid : deadPids) {
                Files.deleteIfExists(besideOf(pid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each process has its own file beside it: two buyers must not write the same one. */
    private Path besideOf(long pid) {
        return folder().resolve("." + path().getFileName() + "." + pid + ".tmp");
    }

    private Path folder() {
        Path folder = path().toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalStateException("a file without a folder: path=" + path);
        }
        return folder;
    }

    @Override
    public String toString() {
        return path;
    }
}
