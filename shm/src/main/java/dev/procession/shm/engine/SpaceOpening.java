package dev.procession.shm.engine;

import static dev.procession.shm.engine.SpaceLayout.DEADLOCK_POLICY_AT;
import static dev.procession.shm.engine.SpaceLayout.HEADER_BYTES;
import static dev.procession.shm.engine.SpaceLayout.HEAP_AT;
import static dev.procession.shm.engine.SpaceLayout.LIMIT_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_AT;
import static dev.procession.shm.engine.SpaceLayout.MEMBERS_BYTES;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How a process becomes a member of a space that has a file, whatever others do to the file at the same time.
 *
 * <pre>
 *        there is no file                       there is a file
 *              |                                       |
 *     make one without a name            hold it EXCLUSIVE, without waiting
 *     hold it SHARED, join it                |                       |
 *              |                          held: nobody is       not held: somebody is
 *     give it its name                    a member, so          a member, or comes or goes
 *        |           |                    recover it                 |
 *      done    somebody was                  |                       |
 *              faster: throw it         hold it SHARED, without waiting ---- not held: again
 *              away, again                          |
 *                                       has it still its name? ---- no: again
 *                                                   |
 *                                            join it: done
 * </pre>
 *
 * <p>A death anywhere leaves a file without a name, which the kernel deletes; or a whole file that nobody holds, which
 * the next one recovers. Whoever is stopped here (SIGSTOP) while it holds a file exclusively keeps others out; they give
 * up after ten seconds, saying so.
 */
final class SpaceOpening {
    private static final Logger LOG = System.getLogger("dev.procession.shm");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Path path;
    private final IntFunction<PrimitiveKind> kinds;

    private SpaceOpening(Path path, IntFunction<PrimitiveKind> kinds) {
        this.path = path;
        this.kinds = kinds;
    }

    /** Opens a named space, and makes it if it is not there. */
    static AttachedSpace openOrCreate(
            SpaceFolder folder, String name, SpaceTerms terms, IntFunction<PrimitiveKind> kinds) {
        Path path = folder.fileOf(name);
        return new SpaceOpening(path, kinds).persist(folder, terms, null);
    }

    /** Opens the space that a handle speaks of. */
    static AttachedSpace open(SpaceAddress address, IntFunction<PrimitiveKind> kinds) {
        Path path = Path.of(address.path());
        SpaceFolder folder = SpaceFolder.of(path);
        try {
            folder.ensurePrivate();
        } catch (NoSuchFileException none) {
            throw gone(address, none);
        } catch (IOException refused) {
            throw new IllegalStateException(
                    "space " + address.shortId() + " cannot be attached to: " + refused.getMessage(), refused);
        }
        return new SpaceOpening(path, kinds).persist(folder, SpaceTerms.NONE, address);
    }

    private static SpaceGoneException gone(SpaceAddress address, IOException cause) {
        return new SpaceGoneException(
                "space " + address.shortId() + " is gone, it was removed: file=" + address.path(), cause);
    }

    /** Tries until it is a member; with an address, of that space and no other. */
    private AttachedSpace persist(SpaceFolder folder, SpaceTerms terms, @Nullable SpaceAddress address) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                AttachedSpace space = attach(terms, address);
                if (space != null) {
                    return space;
                }
            } catch (NoSuchFileException none) {
                if (address != null) {
                    throw gone(address, none);
                }
                AttachedSpace space = create(folder, terms);
                if (space != null) {
                    return space;
                }
            } catch (SharedFile.RefusedException refused) {
                throw new IllegalStateException("not a space, but " + refused.getMessage(), refused);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("another process has been opening or removing the space for "
                        + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s; is it stopped? file=" + path);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** One attempt to join the space that is there; null if somebody was in the way. */
    private @Nullable AttachedSpace attach(SpaceTerms terms, @Nullable SpaceAddress expected) throws IOException {
        SharedFile file = SharedFile.openPrivate(path);
        boolean joined = false;
        try {
            if (file.tryHold(SharedFile.Hold.EXCLUSIVE) && !recover(file)) {
                return null;
            }
            if (!file.tryHold(SharedFile.Hold.SHARED) || file.isUnlinked()) {
                return null;
            }
            SpaceHeader.checkSize(file.sizeBytes(), file.path());
            Cells header = SpaceSnapshot.copyOf(file, 0, HEADER_BYTES);
            SpaceAddress address =
                    expected != null ? expected : new SpaceAddress(path.toString(), 0, SpaceHeader.id(header));
            SpaceHeader.check(header, address);
            terms.ensureKept(
                    header.getLong(LIMIT_AT), DeadlockPolicy.of(header.getInt(DEADLOCK_POLICY_AT)), path.toString());
            joined = true; // from here on the file is the space's
            AttachedSpace space = new AttachedSpace(address, file, kinds, cells -> SpaceHeader.check(cells, address));
            Keeper.adopt(space);
            return space;
        } finally {
            if (!joined) {
                file.close();
            }
        }
    }

    /** Nobody is a member, and nobody can come; the result says whether the space is fit to be used now. */
    private boolean recover(SharedFile file) throws IOException {
        if (file.isUnlinked()) {
            return false;
        }
        SpaceHeader.checkSize(file.sizeBytes(), file.path());
        Cells header = SpaceSnapshot.copyOf(file, 0, HEADER_BYTES);
        SpaceHeader.checkLayout(header, file.path());
        if (!SpaceHeader.isOfThisBoot(header)) {
            LOG.log(
                    Level.INFO,
                    "the machine was started anew since the space was used, so it begins anew: file={0}",
                    path);
            Files.deleteIfExists(path);
            return false;
        }
        SpaceHeader.check(header, new SpaceAddress(file.path(), 0, SpaceHeader.id(header)));
        SpaceRecovery.run(file, kinds);
        return true;
    }

    /** One attempt to make the space; null if somebody else was faster. */
    private @Nullable AttachedSpace create(SpaceFolder folder, SpaceTerms terms) {
        try {
            SharedFile file = SharedFile.unnamed(path, folder.halfMade());
            boolean made = false;
            try {
                file.extend(HEAP_AT);
                Directory.setAside(file, 0, MEMBERS_AT + MEMBERS_BYTES);
                boolean held = file.tryHold(SharedFile.Hold.SHARED);
                made = held;
            } finally {
                if (!made) {
                    file.close();
                }
            }
            return made ? publish(file, terms) : null;
        } catch (NoSuchFileException swept) {
            return null; // taken for a leftover before it was held
        } catch (SharedFile.NoRoomException full) {
            throw Directory.noRoom(path.toString(), HEADER_BYTES, full);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private @Nullable AttachedSpace publish(SharedFile file, SpaceTerms terms) throws IOException {
        UUID id = UUID.randomUUID();
        AttachedSpace space = new AttachedSpace(
                new SpaceAddress(path.toString(), 0, id), file, kinds, header -> SpaceHeader.write(header, id, terms));
        boolean published = false;
        try {
            published = file.publish();
        } finally {
            if (!published) {
                space.discard();
            }
        }
        if (!published) {
            return null;
        }
        Keeper.adopt(space);
        return space;
    }
}
