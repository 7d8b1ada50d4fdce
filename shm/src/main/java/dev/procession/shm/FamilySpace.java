package dev.procession.shm;

import dev.procession.shm.engine.SpaceAddress;
import java.util.Optional;

/**
 * The memory that a JVM shares with the JVMs it starts, and they with theirs: where {@code SharedLock.create()} and its
 * like put what they make.
 *
 * <p>The family's root is the first JVM that needs the memory and was not handed any. Anonymous primitives of all of them
 * live in it, and end with the root process at the latest. Child processes started by Procession get it handed over by
 * themselves. A JVM started by other means joins if it finds the {@linkplain #handover handover} in its environment:
 *
 * {@snippet :
 * var builder = new ProcessBuilder("java", "-cp", classPath, "Worker");
 * builder.environment().put(FamilySpace.VARIABLE, FamilySpace.handover());
 * }
 *
 * <p>Without it a handle that reaches another JVM of the same user still works there: handles say where their primitive
 * is. Handing over only decides where a JVM makes primitives of its own, and so how long they live.
 *
 * <p>Thread-safe.
 */
public final class FamilySpace {
    /** The environment variable in which a JVM looks for the memory of its family. */
    public static final String VARIABLE = "PROCESSION_FAMILY_SPACE";

    private FamilySpace() {}

    /**
     * What to hand to another JVM so that it joins this one's family; the family begins now if it has not begun before.
     *
     * @return the handover, one line
     * @throws UnsupportedOperationException if shared memory does not work on this platform; the message names it
     */
    public static String handover() {
        return Spaces.family().address().format();
    }

    /**
     * What to hand to another JVM if this one's family has begun, or this JVM was handed one itself. Begins none: a JVM that
     * shares nothing does not pay for sharing.
     *
     * @return the handover, one line; empty if there is no family yet
     */
    public static Optional<String> handoverIfBegun() {
        return Optional.ofNullable(Spaces.familyIfBegun()).map(SpaceAddress::format);
    }

    /**
     * Takes a handover that came by other means than the environment. The memory is attached to when it is first needed.
     *
     * @param handover what {@link #handover} gave in the parent
     * @throws IllegalArgumentException if it is none
     * @throws IllegalStateException if this JVM has begun, or joined, another family already
     */
    public static void inherit(String handover) {
        Spaces.inherit(SpaceAddress.parse(handover));
    }
}
