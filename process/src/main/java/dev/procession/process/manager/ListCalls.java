package dev.procession.process.manager;

/**
 * What goes over the line for a list. Elements are bytes there; each that is put gets a stamp of its own, by which it is
 * found again after others have moved it.
 */
interface ListCalls {
    int size();

    byte[] get(int index);

    byte[] set(int index, byte[] element);

    /** Sets the element of a stamp; the new stamp, or -1 if the element has gone. */
    long setStamped(long stamp, byte[] element);

    void add(byte[] element);

    void add(int index, byte[] element);

    /** Adds an element at an index, or at the end where the list is shorter by now; its stamp. */
    long insert(int index, byte[] element);

    void addAll(Object[] elements);

    void addAll(int index, Object[] elements);

    byte[] remove(int index);

    void removeRange(int from, int to);

    /** Removes the elements of these stamps; how many were still there. */
    int removeStamped(long[] stamps);

    byte[] getFirst();

    byte[] getLast();

    byte[] removeFirst();

    byte[] removeLast();

    void clear();

    /** Version, stamps, elements. */
    Object[] snapshot();

    /** Sets all elements if nothing has changed since a snapshot. */
    boolean setAll(long version, Object[] elements);
}
