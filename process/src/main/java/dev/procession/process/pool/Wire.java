package dev.procession.process.pool;

import dev.procession.core.codec.Encoded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the frames between a pool and its worker mean.
 *
 * <pre>
 *   pool -> worker                                    number        parts
 *     SETUP    what makes the state, what ends it,    0             supplier, consumer, function
 *              and when the worker is worn
 *     TASK     a call to make                         its offer     the call [, how: see Terms]
 *     SHARE    a value for all tasks                  its key       the value
 *     DROP     ... which is needed no more            its key
 *     END      end in order                           0
 *
 *   worker -> pool
 *     READY    the state is made                      0
 *     UNFIT    it could not be made                   0             the failure
 *     DONE     the call returned                      its offer     the value
 *     FAILED   the call threw                         its offer     the failure
 *     PROGRESS how far it has come                    its offer     a Progress
 *     DUMP     what all threads are at                its offer     a StuckTaskException
 *     WORN     it begins on no more calls             0
 * </pre>
 */
final class Wire {
    static final int SETUP = 1;
    static final int TASK = 2;
    static final int SHARE = 3;
    static final int DROP = 4;
    static final int END = 5;

    static final int READY = 16;
    static final int UNFIT = 17;
    static final int DONE = 18;
    static final int FAILED = 19;
    static final int PROGRESS = 20;
    static final int DUMP = 21;
    static final int WORN = 22;

    private Wire() {}

    /**
     * How a task is run, as far as its worker must know.
     *
     * @param name what it is called
     * @param deadline how long it may run, or null
     */
    record Terms(String name, @Nullable Duration deadline) {
        Encoded encode() {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + text.length);
            bytes.putLong(deadline == null ? 0 : Instant.now().plus(deadline).toEpochMilli());
            bytes.put(text);
            return Encoded.raw(bytes.array());
        }
    }

    /** What {@link Terms} are to the worker. */
    record Told(String name, Optional<Instant> deadline) {
        static Told of(Encoded encoded) {
            ByteBuffer bytes = ByteBuffer.wrap(encoded.array());
            long deadline = bytes.getLong();
            return new Told(
                    StandardCharsets.UTF_8.decode(bytes).toString(),
                    deadline == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(deadline)));
        }
    }
}
