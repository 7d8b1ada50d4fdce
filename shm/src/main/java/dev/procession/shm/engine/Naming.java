package dev.procession.shm.engine;

import java.util.function.Consumer;

/** How primitives get their names: one process at a time looks for a name and makes what has it if there is none. */
final class Naming {
    private final Names names;
    private final Directory directory;
    private final RobustLock lock;

    Naming(Names names, Directory directory, RobustLock lock) {
        this.names = names;
        this.directory = directory;
        this.lock = lock;
    }

    /** The first step of the initialization of a primitive that has a name. */
    Consumer<Entry> as(String name, String declaration) {
        return entry -> {
            directory.setAsideName(entry.index());
            names.write(entry.index(), name, declaration);
        };
    }

    void underLock(Runnable action) {
        if (lock.lock()) {
            lock.settle(); // what the dead one was making is not live, so it has no name
        }
        try {
            action.run();
        } finally {
            lock.release();
        }
    }
}
