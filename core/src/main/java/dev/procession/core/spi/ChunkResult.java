package dev.procession.core.spi;

import java.io.Serializable;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link MapChunk}. A pool whose workers are elsewhere carries {@link #failure} as it carries what a task
 * throws.
 *
 * @param results the results of the inputs before the first that failed, or of all
 * @param failure what the first failing input threw, null if none failed
 * @param runNanos how long all of it took the worker
 * @param <R> the type of the results
 */
public record ChunkResult<R>(ArrayList<R> results, @Nullable Throwable failure, long runNanos)
        implements Serializable {}
