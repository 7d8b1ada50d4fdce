package dev.procession.core.spi;

import dev.procession.core.SerializableCallable;
import dev.procession.core.SerializableFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of a {@code map}: one task, one frame to a worker and one back.
 *
 * <p>All inputs are run, also when one of them failed, so that batching changes nothing but the speed.
 *
 * @param function applied to each input
 * @param inputs the inputs
 * @param <A> the type of the inputs
 * @param <R> the type of the results
 */
public record MapChunk<A, R>(SerializableFunction<? super A, ? extends R> function, ArrayList<A> inputs)
        implements SerializableCallable<ChunkResult<R>> {
    @Override
    public ChunkResult<R> call() {
        long begin = System.nanoTime();
        var results = new ArrayList<R>(inputs.size());
        for (A input : inputs) {
            R result;
            try {
                result = function.apply(input);
            } catch (Throwable failure) {
                runRest(inputs.subList(results.size() + 1, inputs.size()));
                return new ChunkResult<>(results, failure, System.nanoTime() - begin);
            }
            results.add(result);
        }
        return new ChunkResult<>(results, null, System.nanoTime() - begin);
    }

    /** For their effects: the caller throws the first failure of all inputs. */
    private void runRest(List<A> rest) {
        for (A input : rest) {
            try {
                R _ = function.apply(input);
            } catch (Throwable _) {
                // not the first
            }
        }
    }
}
