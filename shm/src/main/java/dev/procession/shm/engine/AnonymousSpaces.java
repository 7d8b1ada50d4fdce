package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_BYTES;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes spaces that have no name, and attaches to them: through the descriptor of the root process, as long as that lives.
 * Those that have a name are {@link SpaceOpening}'s.
 */
final class AnonymousSpaces {
    private AnonymousSpaces() {}

    /** Makes a space in memory, with this JVM as its root and first member. */
    static AttachedSpace create(IntFunction<PrimitiveKind> kinds) {
        try {
            UUID id = UUID.randomUUID();
            SharedFile file = memoryFor(id);
            return create(file, ProcessIdentity.current().pack(), id, kinds);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** In memory; or in the folder somebody named, for which they had their reason. */
    private static SharedFile memoryFor(UUID id) throws IOException {
        if (System.getProperty(SpaceFolder.PROPERTY, "").isEmpty()) {
            return SharedFile.inMemory("procession-" + id);
        }
        SpaceFolder folder = SpaceFolder.in(SpaceFolder.defaultPlace()).opened();
        return SharedFile.anonymousIn(folder.path(), folder.halfMade());
    }

    private static AttachedSpace create(SharedFile file, long root, UUID id, IntFunction<PrimitiveKind> kinds)
            throws IOException {
        try {
            file.extend(HEAP_AT);
            Directory.setAside(file, 0, MEMBERS_AT + MEMBERS_BYTES);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
        SpaceAddress address = new SpaceAddress(file.path(), root, id);
        AttachedSpace space =
                new AttachedSpace(address, file, kinds, header -> SpaceHeader.write(header, id, SpaceTerms.NONE));
        Keeper.adopt(space);
        return space;
    }

    /**
     * Attaches to a space as another member.
     *
     * @throws SpaceGoneException if it has ended
     * @throws IllegalStateException if what is there is not a space this JVM can work with
     */
    static AttachedSpace attach(SpaceAddress address, IntFunction<PrimitiveKind> kinds) {
        SharedFile file = open(address);
        AttachedSpace space = new AttachedSpace(address, file, kinds, header -> SpaceHeader.check(header, address));
        Keeper.adopt(space);
        return space;
    }

    private static SharedFile open(SpaceAddress address) {
        ProcessIdentity root = ProcessIdentity.unpack(address.root());
        if (root == null) {
            throw new IllegalStateException("not the address of a space: address=" + address);
        }
        if (!root.isAlive()) {
            throw gone(address, "its root process has ended: pid=" + root.pid(), null);
        }
        try {
            // Looked at before it is opened: were the number reused, opening whatever it is now might block or do harm.
            if (!Files.readSymbolicLink(Path.of(address.path())).toString().contains("procession-")) {
                throw gone(address, "its root process holds something else there: pid=" + root.pid(), null);
            }
            SharedFile file = SharedFile.open(Path.of(address.path()));
            try {
                SpaceHeader.checkSize(file.sizeBytes(), address.path());
                return file;
            } catch (IOException | RuntimeException failed) {
                file.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw gone(address, "its file cannot be opened", failed);
        }
    }

    private static SpaceGoneException gone(SpaceAddress address, String reason, @Nullable IOException cause) {
        String message = "space " + address.shortId() + " is gone, " + reason + ", file=" + address.path();
        return cause == null ? new SpaceGoneException(message) : new SpaceGoneException(message, cause);
    }
}
