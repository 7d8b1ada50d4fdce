package dev.procession.shm.channel;

import dev.procession.core.codec.Encoded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came over a channel as one.
 *
 * @param kind what it means, of the user's choice
 * @param number what it is about
 * @param parts the values in it; empty if there was no memory for them
 * @param lost why the parts are missing, or null
 */
public record Frame(
        int kind,
        long number,
        List<Encoded> parts,
        @Nullable OutOfMemoryError lost) {}
