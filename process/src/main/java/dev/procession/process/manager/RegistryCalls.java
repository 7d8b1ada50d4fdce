package dev.procession.process.manager;

/** What goes over the line for the manager itself, which is its object {@link #OBJECT}. */
interface RegistryCalls {
    long OBJECT = 0;

    /** The map in which objects have names. */
    long DIRECTORY = 1;

    long map();

    long list();

    /** A list that keeps its size. */
    long array(Object[] elements);

    long queue(int capacity);

    long lock(ServedLock.Kind kind);

    long semaphore(int permits);

    long event();

    long barrier(int parties);

    /** Makes an object of a user's by a supplier, and serves it under an interface. */
    long register(String type, byte[] supplier);

    boolean remove(long object);

    void shutdown();
}
