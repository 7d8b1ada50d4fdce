package dev.procession.shm;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.SpaceAddress;
import java.io.InvalidObjectException;
import java.io.Serializable;

/**
 * What travels in place of a shared primitive: where it is. In the JVM that reads it, it becomes the object that stands
 * for the primitive there, the same one each time.
 *
 * <p>No record: the JDK reads records back through method handles that it makes first, which would be a third of the
 * time that a new child needs for its first use of shared memory.
 */
final class Handle implements Serializable {
    private static final long serialVersionUID = 2;

    /** Where the space is, as {@link SpaceAddress#format} says it. */
    private final String space;

    private final int kind;
    private final int index;

    /** Of the directory entry, so that the next primitive in its place is not taken for this one. */
    private final int generation;

    private Handle(SpaceAddress space, int kind, int index, int generation) {
        this.space = space.format();
        this.kind = kind;
        this.index = index;
        this.generation = generation;
    }

    static Handle to(Kind kind, Entry entry) {
        return new Handle(entry.space().address(), kind.number(), entry.index(), entry.generation());
    }

    /** The object that stands for the primitive in this JVM as a member of its space. */
    Object in(AttachedSpace attached) {
        return Kind.of(kind).resolve(attached, index, generation);
    }

    private Object readResolve() throws InvalidObjectException {
        try {
            return in(Spaces.attached(SpaceAddress.parse(space)));
        } catch (SpaceGoneException gone) {
            throw gone;
        } catch (IllegalStateException refused) {
            InvalidObjectException invalid = new InvalidObjectException(refused.getMessage());
            invalid.initCause(refused);
            throw invalid;
        }
    }
}
