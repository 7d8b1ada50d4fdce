package dev.procession.shm;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.SpaceAddress;
import dev.procession.shm.engine.SpaceFolder;
import dev.procession.shm.engine.SpaceTerms;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The spaces this JVM is a member of: at most once each.
 *
 * <p>Until it ends, except for named ones that were opened by name and that no handle has led to: the last who closes
 * such a space leaves it.
 */
final class Spaces {
    private static final Logger LOG = System.getLogger("dev.procession.shm");

    // Guarded by the class.
    private static final Map<UUID, Membership> ATTACHED = new HashMap<>();
    private static @Nullable SpaceAddress inherited;
    private static @Nullable AttachedSpace family;

    /** How this JVM came to be a member. Guarded by the class. */
    private static final class Membership {
        final AttachedSpace space;
        int opens;
        boolean reachedByHandle;

        Membership(AttachedSpace space) {
            this.space = space;
        }
    }

    private Spaces() {}

    /** The space with that address, attached to now if it was not before. */
    static synchronized AttachedSpace attached(SpaceAddress address) {
        Membership membership = ATTACHED.get(address.id());
        if (membership == null) {
            membership = remember(AttachedSpace.attach(address, Kind::of));
        }
        membership.reachedByHandle = true;
        return membership.space;
    }

    private static Membership remember(AttachedSpace space) {
        Membership membership = new Membership(space);
        ATTACHED.put(space.address().id(), membership);
        return membership;
    }

    /** The named space, joined now, or made, if this JVM is not a member; to be {@linkplain #release released}. */
    static synchronized AttachedSpace open(SpaceFolder folder, String name, SpaceTerms terms) {
        String file = folder.fileOf(name).toString();
        for (Membership membership : ATTACHED.values()) {
            AttachedSpace space = membership.space;
            if (space.address().path().equals(file) && !space.isRemoved()) {
                terms.ensureKept(space.limitBytes(), space.deadlocks().policy(), file);
                membership.opens++;
                return space;
            }
        }
        Membership membership = remember(AttachedSpace.openOrCreate(folder, name, terms, Kind::of));
        membership.opens++;
        return membership.space;
    }

    /** Ends one {@link #open}; with the last the JVM leaves the space. */
    static synchronized void release(AttachedSpace space) {
        Membership membership = ATTACHED.get(space.address().id());
        if (membership == null || --membership.opens > 0 || membership.reachedByHandle) {
            return;
        }
        ATTACHED.remove(space.address().id());
        space.close(); // under the lock: nobody here joins anew while the old membership still holds the file
    }

    /** The space of this JVM's family: the one it was handed, or one of its own, made now. */
    static synchronized AttachedSpace family() {
        if (family == null) {
            family = inherit();
        }
        if (family == null) {
            family = AttachedSpace.create(Kind::of);
            remember(family);
        }
        return family;
    }

    /** The address of this JVM's family, if it has one so far. */
    static synchronized @Nullable SpaceAddress familyIfBegun() {
        return family != null ? family.address() : inherited;
    }

    private static @Nullable AttachedSpace inherit() {
        if (inherited == null) {
            String handover = System.getenv(FamilySpace.VARIABLE);
            if (handover == null || handover.isEmpty()) {
                return null;
            }
            inherited = SpaceAddress.parse(handover);
        }
        try {
            return attached(inherited);
        } catch (SpaceGoneException gone) {
            LOG.log(Level.DEBUG, "the family has ended; this JVM begins one of its own: " + gone.getMessage());
            return null;
        }
    }

    static synchronized void inherit(SpaceAddress address) {
        if (family != null && !family.address().id().equals(address.id())) {
            throw new IllegalStateException("this JVM has a family space already: id="
                    + family.address().id() + ", offered id=" + address.id());
        }
        inherited = address;
    }
}
