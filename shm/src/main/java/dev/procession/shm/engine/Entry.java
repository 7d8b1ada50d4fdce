package dev.procession.shm.engine;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * This member's attachment to one primitive: its payload, its heap range if it has one, and its name in messages.
 *
 * <p>Both memories are views with the attachment's life. Once it has ended, no thread of this JVM can touch the
 * primitive any more, however late it is; only then is the entry given to others.
 */
public final class Entry {
    private final AttachedSpace space;
    private final PrimitiveKind kind;
    private final int index;
    private final int generation;
    private final Arena arena = Arena.ofShared();
    private final Cells payload;
    private final @Nullable Cells heap;

    /** How many objects of this JVM stand for the primitive and are still reachable. Guarded by the space. */
    int holders;

    Entry(AttachedSpace space, PrimitiveKind kind, int index, int generation) {
        this.space = space;
        this.kind = kind;
        this.index = index;
        this.generation = generation;
        this.payload = space.viewPayload(index, arena, this);
        this.heap = space.hasHeap(index) ? space.mapHeapOf(index, arena, this) : null;
    }

    /**
     * The 192 bytes of the directory entry that belong to the primitive.
     *
     * @return its cells
     */
    public Cells payload() {
        return payload;
    }

    /**
     * The primitive's heap range, zeros at first.
     *
     * @return its cells
     * @throws IllegalStateException if it was created without one
     */
    public Cells heap() {
        if (heap == null) {
            throw new IllegalStateException("no heap range: " + this);
        }
        return heap;
    }

    /**
     * The space the primitive lives in.
     *
     * @return the space, as this member sees it
     */
    public AttachedSpace space() {
        return space;
    }

    /**
     * The primitive's place in the directory.
     *
     * @return the entry's index
     */
    public int index() {
        return index;
    }

    /**
     * Which of the primitives that had this place one after another.
     *
     * @return the generation
     */
    public int generation() {
        return generation;
    }

    /**
     * Closes the primitive for every member: those who wait find out, and its memory is given back as soon as the last
     * member has let go of it. Does nothing if somebody has closed it before.
     */
    public void close() {
        space.close(this);
    }

    /**
     * Ensures that nobody has closed the primitive; for loops that wait.
     *
     * @throws IllegalStateException if somebody has
     */
    public void ensureOpen() {
        if (!space.isOpen(this)) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    /**
     * Gives memory to a part of the heap range that was created without; it holds zeros. Doing it again does nothing.
     *
     * @param offset where the part begins, a multiple of the page size
     * @param lengthBytes how long it is, a multiple of the page size
     * @throws dev.procession.core.SpaceFullException if there is no memory left; nothing was given then
     */
    public void setAside(long offset, long lengthBytes) {
        space.setAside(this, offset, lengthBytes);
    }

    /**
     * Takes the memory of a part of the heap range away; nobody may touch it until it is {@linkplain #setAside set aside}
     * again, with zeros in it.
     *
     * @param offset where the part begins, a multiple of the page size
     * @param lengthBytes how long it is, a multiple of the page size
     */
    public void giveBack(long offset, long lengthBytes) {
        space.giveBack(this, offset, lengthBytes);
    }

    void ensureNotEnded() {
        if (isEnded()) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    PrimitiveKind kind() {
        return kind;
    }

    void endViews() {
        arena.close();
    }

    boolean isEnded() {
        return !arena.scope().isAlive();
    }

    /** Such as {@code SharedLock 3f2a91bc/17}: the kind, the space and the place in it. */
    @Override
    public String toString() {
        return describe(space.address(), kind, index);
    }

    static String describe(SpaceAddress space, PrimitiveKind kind, int index) {
        return kind.label() + " " + space.shortId() + "/" + index;
    }
}
