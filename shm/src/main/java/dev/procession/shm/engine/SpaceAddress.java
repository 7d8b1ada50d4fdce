package dev.procession.shm.engine;

import java.io.Serializable;
import java.util.UUID;

/**
 * Where a space can be found, by any process of this user on this host and in these namespaces.
 *
 * @param path of its file; a file in memory is reached through the root process
 * @param root packed identity of the process that made the space, through which a file in memory is reached; 0 for a file
 *     with a name of its own
 * @param id the space's identity, as its header holds it
 */
public record SpaceAddress(String path, long root, UUID id) implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * The address in one line of text, for the environment of a child.
     *
     * @return what {@link #parse} takes
     */
    public String format() {
        return id + " " + Long.toHexString(root) + " " + path;
    }

    /**
     * Reads what {@link #format} made.
     *
     * @param text the line
     * @return the address
     * @throws IllegalArgumentException if it is none
     */
    public static SpaceAddress parse(String text) {
        String[] parts = text.split(" ", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not the address of a space: address=" + text);
        }
        return new SpaceAddress(parts[2], Long.parseUnsignedLong(parts[1], 16), UUID.fromString(parts[0]));
    }

    /** The first digits of the id: enough to tell spaces apart in messages. */
    String shortId() {
        return id.toString().substring(0, 8);
    }
}
