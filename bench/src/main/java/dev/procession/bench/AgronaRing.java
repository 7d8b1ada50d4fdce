package dev.procession.bench;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's many-to-one ring on a mapped file: producers and the echo are JVMs of their own, the consumer is this one. */
final class AgronaRing {
    static final String NAME = "Agrona";
    private static final int RING_BYTES = 4 << 20;
    private static final int MESSAGE_BYTES = 100;

    private AgronaRing() {}

    /** Messages of 100 bytes a second, from this many producers to one consumer. */
    static Contender rate(int producers, int perSecond) {
        return Contender.of(
                NAME,
                effort -> inFolder(folder -> {
                    Path file = folder.resolve("ring");
                    RingBuffer ring = map(file);
                    int each = effort.count(perSecond) / producers;
                    var jvms = new ArrayList<PeerJvm>();
                    try {
                        for (int i = 0; i < producers; i++) {
                            jvms.add(PeerJvm.start(Producer.class, file.toString(), Integer.toString(each)));
                        }
                        var rate = new MessageRate();
                        while (rate.count() < (long) each * producers) {
                            int read = ring.read((_, _, _, _) -> {}, 64);
                            if (read > 0) {
                                rate.arrived(read);
                            } else {
                                Thread.onSpinWait();
                            }
                        }
                        rate.end();
                        for (PeerJvm jvm : jvms) {
                            jvm.result();
                        }
                        return rate.perSecond();
                    } finally {
                        jvms.forEach(PeerJvm::close);
                    }
                }));
    }

    /** Median microseconds of one message there and back. */
    static Contender pingPong(int perSecond) {
        return Contender.of(
                NAME,
                effort -> inFolder(folder -> {
                    Path there = folder.resolve("there");
                    Path back = folder.resolve("back");
                    RingBuffer out = map(there);
                    RingBuffer in = map(back);
                    int count = effort.count(perSecond);
                    try (var echo =
                            PeerJvm.start(Echo.class, there.toString(), back.toString(), Integer.toString(count))) {
                        var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                        long[] nanos = new long[count];
                        for (int i = 0; i < count; i++) {
                            long start = System.nanoTime();
                            send(out, message);
                            receive(in);
                            nanos[i] = System.nanoTime() - start;
                        }
                        echo.result();
                        Arrays.sort(nanos);
                        return nanos[count / 2] / 1e3;
                    }
                }));
    }

    private static void send(RingBuffer ring, UnsafeBuffer message) {
        while (!ring.write(1, message, 0, MESSAGE_BYTES)) {
            Thread.onSpinWait();
        }
    }

    private static void receive(RingBuffer ring) {
        while (ring.read((_, _, _, _) -> {}, 1) == 0) {
            Thread.onSpinWait();
        }
    }

    private static RingBuffer map(Path file) throws IOException {
        long size = (long) RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            return new ManyToOneRingBuffer(new UnsafeBuffer(memory));
        }
    }

    private static double inFolder(Measured work) throws Exception {
        Path shm = Path.of("/dev/shm");
        Path folder = Files.isDirectory(shm)
                ? Files.createTempDirectory(shm, "procession-bench-")
                : Files.createTempDirectory("procession-bench-");
        try {
            return work.in(folder);
        } finally {
            for (String file : new String[] {"ring", "there", "back"}) {
                Files.deleteIfExists(folder.resolve(file));
            }
            Files.delete(folder);
        }
    }

    private interface Measured {
        double in(Path folder) throws Exception;
    }

    /** Arguments: file, messages. */
    static final class Producer {
        private Producer() {}

        public static void main(String[] args) throws IOException {
            RingBuffer ring = map(Path.of(args[0]));
            var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
            for (int left = Integer.parseInt(args[1]); left > 0; left--) {
                send(ring, message);
            }
        }
    }

    /** Arguments: file to read, file to write, messages. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) throws IOException {
            RingBuffer in = map(Path.of(args[0]));
            RingBuffer out = map(Path.of(args[1]));
            var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
            for (int left = Integer.parseInt(args[2]); left > 0; left--) {
                receive(in);
                send(out, message);
            }
        }
    }
}
