package dev.procession.process;

import dev.procession.shm.os.CpuAffinity;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The processors of a child, chosen on the thread that makes its process, from which all threads of the new JVM inherit
 * them; the JVM then also counts them alone as available.
 *
 * <p>That thread is made for it and ends with it. So the caller's own is never touched, whatever happens in between, and
 * may be a virtual one.
 */
record CpuBinding(BitSet cpus) {
    /**
     * Checks the choice.
     *
     * @throws IllegalArgumentException if there is none, or this process may not use one of them
     * @throws UnsupportedOperationException if this system does not let processors be chosen
     */
    static CpuBinding to(BitSet cpus) {
        CpuAffinity.ensureSupported();
        BitSet allowed = CpuAffinity.ofProcess();
        BitSet others = (BitSet) cpus.clone();
        others.andNot(allowed);
        if (cpus.isEmpty() || !others.isEmpty()) {
            throw new IllegalArgumentException(
                    (cpus.isEmpty() ? "no processor" : "not for this process: cpus=" + others) + "; allowed="
                            + allowed);
        }
        return new CpuBinding((BitSet) cpus.clone());
    }

    interface Making<T> {
        T make() throws IOException;
    }

    /** Does something on a thread that runs on these processors only. Not interruptible. */
    static <T> T on(@Nullable CpuBinding binding, Making<T> making) throws IOException {
        return binding == null ? making.make() : binding.make(making);
    }

    private <T> T make(Making<T> making) throws IOException {
        var made = new CompletableFuture<T>();
        Thread.ofPlatform()
                .group(WorkWatch.OURS)
                .name("procession-spawn")
                .daemon()
                .start(() -> {
                    try {
                        CpuAffinity.bindCurrentThread(cpus);
                        made.complete(making.make());
                    } catch (IOException | RuntimeException | Error e) {
                        made.completeExceptionally(e);
                    }
                });
        try {
            return made.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw new IOException(cause.getMessage(), cause);
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }
}
