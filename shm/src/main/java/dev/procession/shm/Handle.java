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
 * @param space where the space is
 * @param kind number of the kind
 * @param index the directory entry
 * @param generation of the entry, so that the next primitive in its place is not taken for it
 */
record Handle(SpaceAddress space, int kind, int index, int generation) implements Serializable {
    private static final long serialVersionUID = 1;

    static Handle to(Kind kind, Entry entry) {
        return new Handle(entry.space().address(), kind.number(), entry.index(), entry.generation());
    }

    /** The object that stands for the primitive in this JVM as a member of its space. */
    Object in(AttachedSpace attached) {
        return Kind.of(kind).resolve(attached, index, generation);
    }

    private Object readResolve() throws InvalidObjectException {
        try {
            return in(Spaces.attached(space));
        } catch (SpaceGoneException gone) {
            throw gone;
        } catch (IllegalStateException refused) {
            InvalidObjectException invalid = new InvalidObjectException(refused.getMessage());
            invalid.initCause(refused);
            throw invalid;
        }
    }
}
