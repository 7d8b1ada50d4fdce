package dev.procession.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.SerializableSupplier;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Damaged bytes are a value or an {@link UndecodableException}, in memory bounded by their number. */
class CodecFuzzTest {
    private static final int ROUNDS = 60_000;

    /** What one decode may allocate for each byte, and for none: class loading, exceptions, tables. */
    private static final long BYTES_PER_BYTE = 4096;

    private static final long BYTES_ANYWAY = 8 << 20;

    record Point(int x, long y, Object rest) implements Serializable {}

    enum Kindness {
        KIND,
        UNKIND
    }

    private static List<byte[]> seeds() {
        int captured = 3;
        SerializableSupplier<Integer> lambda = () -> captured;
        List<Object> values = List.of(
                new Point(1, 2, List.of("a", Kindness.KIND)),
                new ArrayList<>(List.of(1, 2L, 3.0, "four", new int[] {5}, new byte[] {6}, Map.of(7, 8))),
                new HashMap<>(Map.of("k", new HashSet<>(List.of(1, 2)))),
                lambda,
                new LinkedHashMap<>(Map.of("a", new ArrayList<>(List.of(1, 2)), "b", new String[] {"x"})),
                new ConcurrentHashMap<>(Map.of(1, new ArrayDeque<>(List.of(new Point(1, 2, null))))),
                new Object[] {new int[3][4], new HashSet<>(new ArrayDeque<>(List.of("a", "b")))});
        return values.stream().map(Codec.standard()::encode).toList();
    }

    // Looked up by name: core's module does not read java.management, its tests run on the class path.
    private static final MethodHandle ALLOCATED_BYTES = allocatedBytesHandle();

    private static MethodHandle allocatedBytesHandle() {
        try {
            Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return MethodHandles.publicLookup()
                    .findVirtual(type, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static long allocatedBytes() {
        try {
            return (long) ALLOCATED_BYTES.invoke();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static boolean decodes(byte[] bytes) {
        long before = allocatedBytes();
        try {
            Codec.standard().decode(bytes);
            return true;
        } catch (UndecodableException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        } finally {
            assertThat(allocatedBytes() - before)
                    .as("bytes allocated for %s", Arrays.toString(bytes))
                    .isLessThan(BYTES_ANYWAY + BYTES_PER_BYTE * bytes.length);
        }
    }

    @Test
    void randomBytes() {
        var random = new Random(42);
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            refused += decodes(bytes) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void bytesThatOnceWereAValue() {
        var random = new Random(43);
        List<byte[]> seeds = seeds();
        int refused = 0;
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] seed = seeds.get(random.nextInt(seeds.size()));
            byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(seed, random.nextInt(seed.length)) : seed.clone();
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (decodes(bytes)) {
                accepted++;
            } else {
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(accepted).isPositive();
    }

    @Test
    void everyTruncationIsRefused() {
        for (byte[] seed : seeds()) {
            for (int length = 0; length < seed.length; length++) {
                assertThat(decodes(Arrays.copyOf(seed, length)))
                        .as("length %d", length)
                        .isFalse();
            }
        }
    }

    @Test
    void hugeCountsAllocateNothing() {
        for (byte kind = 0; kind < 127; kind++) {
            assertThat(decodes(new byte[] {kind, -1, -1, -1, -1, 7, 1, 2, 3, 4}))
                    .isEqualTo(kind == Encoded.RAW);
        }
    }
}
