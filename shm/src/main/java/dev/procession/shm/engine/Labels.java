package dev.procession.shm.engine;

import java.util.function.IntFunction;

/** What primitives are called in messages: by their names; those that have none by kind, space and place in it. */
final class Labels {
    private final Directory directory;
    private final Names names;
    private final IntFunction<PrimitiveKind> kinds;
    private final String space;

    Labels(Directory directory, Names names, IntFunction<PrimitiveKind> kinds, String space) {
        this.directory = directory;
        this.names = names;
        this.kinds = kinds;
        this.space = space;
    }

    /** Such as {@code noodles}, or {@code SharedLock 3f2a91bc/17}. */
    String of(int index) {
        NamedEntry named = directory.nameHashOf(index) == 0 ? null : names.read(index);
        if (named != null) {
            return named.name();
        }
        PrimitiveKind kind = kinds.apply(EntryLayout.kindOf(directory.wordOf(index)));
        return kind.label() + " " + space + "/" + index;
    }
}
