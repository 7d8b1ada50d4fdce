package dev.procession.bench;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's many-to-one ring on a mapped file. */
final class AgronaRing {
    static final String NAME = "Agrona";
    private static final int RING_BYTES = 4 << 20;
    private static final int MESSAGE_BYTES = 100;
    private static final int BATCH = 64;

    private AgronaRing() {}

    /** Messages of 100 bytes a second, from this many producers to one consumer. */
    static Contender rate(int producers) {
        return Contender.of(
                NAME,
                effort -> SharedFolder.use(folder -> {
                    String file = folder.resolve("ring").toString();
                    var parts = new ArrayList<Crew.Part>();
                    parts.add(consumer(file));
                    parts.addAll(Collections.nCopies(producers, producer(file)));
                    return Crew.sumOfFirst(1, Crew.play(effort, parts));
                }));
    }

    private static Crew.Part consumer(String file) {
        return gate -> {
            RingBuffer ring = map(file);
            Window window = gate.await();
            return window.perSecond(() -> {
                int read = ring.read((_, _, _, _) -> {}, BATCH);
                if (read == 0) {
                    Thread.onSpinWait();
                }
                return read;
            });
        };
    }

    private static Crew.Part producer(String file) {
        return gate -> {
            RingBuffer ring = map(file);
            var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
            Window window = gate.await();
            return window.perSecond(() -> {
                for (int i = 0; i < BATCH; i++) {
                    send(ring, message, window);
                }
                return BATCH;
            });
        };
    }

    /** Median microseconds of one message there and back. */
    static Contender pingPong() {
        return Contender.of(
                NAME,
                effort -> SharedFolder.use(folder -> {
                    String there = folder.resolve("there").toString();
                    String back = folder.resolve("back").toString();
                    return Crew.play(effort, List.of(caller(there, back), echo(there, back)))
                            .getFirst();
                }));
    }

    private static Crew.Part caller(String there, String back) {
        return gate -> {
            RingBuffer out = map(there);
            RingBuffer in = map(back);
            var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
            Window window = gate.await();
            return PingPong.medianMicros(window, () -> {
                send(out, message, window);
                receive(in, window);
            });
        };
    }

    private static Crew.Part echo(String there, String back) {
        return gate -> {
            RingBuffer in = map(there);
            RingBuffer out = map(back);
            var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
            Window window = gate.await();
            while (!window.isOver()) {
                receive(in, window);
                send(out, message, window);
            }
            return 0;
        };
    }

    private static void send(RingBuffer ring, UnsafeBuffer message, Window window) {
        while (!ring.write(1, message, 0, MESSAGE_BYTES) && !window.isOver()) {
            Thread.onSpinWait();
        }
    }

    private static void receive(RingBuffer ring, Window window) {
        while (ring.read((_, _, _, _) -> {}, 1) == 0 && !window.isOver()) {
            Thread.onSpinWait();
        }
    }

    private static RingBuffer map(String file) throws IOException {
        long size = (long) RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH;
        try (FileChannel channel = FileChannel.open(
                Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            return new ManyToOneRingBuffer(new UnsafeBuffer(memory));
        }
    }
}
