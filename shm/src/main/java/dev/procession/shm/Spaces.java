package dev.procession.shm;

import dev.procession.core.SpaceGoneException;
import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.SpaceAddress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The spaces this JVM is a member of: at most once each, until it ends. */
final class Spaces {
    private static final Logger LOG = System.getLogger("dev.procession.shm");

    // Guarded by the class.
    private static final Map<UUID, AttachedSpace> ATTACHED = new HashMap<>();
    private static @Nullable SpaceAddress inherited;
    private static @Nullable AttachedSpace family;

    private Spaces() {}

    /** The space with that address, attached to now if it was not before. */
    static synchronized AttachedSpace attached(SpaceAddress address) {
        AttachedSpace space = ATTACHED.get(address.id());
        if (space == null) {
            space = AttachedSpace.attach(address, Kind::of);
            ATTACHED.put(address.id(), space);
        }
        return space;
    }

    /** The space of this JVM's family: the one it was handed, or one of its own, made now. */
    static synchronized AttachedSpace family() {
        if (family == null) {
            family = inherit();
        }
        if (family == null) {
            family = AttachedSpace.create(Kind::of);
            ATTACHED.put(family.address().id(), family);
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
