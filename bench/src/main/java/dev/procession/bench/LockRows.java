package dev.procession.bench;

import java.util.List;

/** Locks shared by processes. */
final class LockRows {
    private LockRows() {}

    static List<Row> all() {
        return List.of();
    }
}
