package dev.procession.shm.engine;

import static dev.procession.shm.engine.NameLayout.DECLARATION_AT;
import static dev.procession.shm.engine.NameLayout.DECLARATION_BYTES;
import static dev.procession.shm.engine.NameLayout.DECLARATION_HASH_AT;
import static dev.procession.shm.engine.NameLayout.DECLARATION_LENGTH_AT;
import static dev.procession.shm.engine.NameLayout.MOST_NAME_BYTES;
import static dev.procession.shm.engine.NameLayout.NAME_AT;
import static dev.procession.shm.engine.NameLayout.NAME_LENGTH_AT;
import static dev.procession.shm.engine.NameLayout.recordAt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of a space's primitives. See {@link NameLayout}.
 *
 * <p>Whoever looks for a name reads the hashes of all entries that were ever used; that is a few nanoseconds each, once
 * for each time a program asks its space for something.
 */
final class Names {
    private final Cells table;
    private final Directory directory;

    Names(Cells table, Directory directory) {
        this.table = table;
        this.directory = directory;
    }

    /** Names a primitive that is being made. Its page of the table is set aside already. */
    void write(int index, String name, String declaration) {
        byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        byte[] declarationBytes = declaration.getBytes(StandardCharsets.UTF_8);
        long record = recordAt(index);
        table.setInt(record + NAME_LENGTH_AT, nameBytes.length);
        table.setInt(record + DECLARATION_LENGTH_AT, declarationBytes.length);
        table.setLong(record + DECLARATION_HASH_AT, NameLayout.hash(declaration));
        table.copyIn(record + NAME_AT, nameBytes, 0, nameBytes.length);
        table.copyIn(
                record + DECLARATION_AT, declarationBytes, 0, Math.min(declarationBytes.length, DECLARATION_BYTES));
        directory.setNameHash(index, NameLayout.hash(name));
    }

    @Nullable
    NamedEntry find(String name) {
        long hash = NameLayout.hash(name);
        int used = directory.used();
        for (int index = 0; index < used; index++) {
            if (directory.nameHashOf(index) == hash) {
                NamedEntry found = read(index);
                if (found != null && found.name().equals(name)) {
                    return found;
                }
            }
        }
        return null;
    }

    /** All names among the first entries. */
    List<NamedEntry> all(int used) {
        List<NamedEntry> all = new ArrayList<>();
        for (int index = 0; index < used; index++) {
            if (directory.nameHashOf(index) != 0) {
                NamedEntry found = read(index);
                if (found != null) {
                    all.add(found);
                }
            }
        }
        return all;
    }

    /** What an entry is called, or null if it is not live, or has ceased to be while it was read, or has no whole name. */
    @Nullable
    NamedEntry read(int index) {
        long word = directory.wordOf(index);
        if (EntryLayout.stateOf(word) != EntryLayout.LIVE || !isSound(index)) {
            return null;
        }
        NamedEntry found = new NamedEntry(
                text(recordAt(index) + NAME_AT, table.getInt(recordAt(index) + NAME_LENGTH_AT), MOST_NAME_BYTES),
                EntryLayout.kindOf(word),
                index,
                EntryLayout.generationOf(word),
                text(
                        recordAt(index) + DECLARATION_AT,
                        table.getInt(recordAt(index) + DECLARATION_LENGTH_AT),
                        DECLARATION_BYTES),
                table.getLong(recordAt(index) + DECLARATION_HASH_AT));
        return directory.wordOf(index) == word ? found : null;
    }

    /** Whether a record holds a name that can be. */
    boolean isSound(int index) {
        int length = table.getInt(recordAt(index) + NAME_LENGTH_AT);
        return length > 0 && length <= MOST_NAME_BYTES;
    }

    private String text(long at, int length, int most) {
        byte[] bytes = new byte[Math.clamp(length, 0, most)];
        table.copyOut(at, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
