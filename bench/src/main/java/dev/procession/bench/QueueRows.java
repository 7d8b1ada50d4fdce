package dev.procession.bench;

import dev.procession.shm.SharedQueue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Messages between processes, 100 bytes each. Rates run from the first message a consumer takes to the last. */
final class QueueRows {
    private static final String OURS = "SharedQueue";
    private static final String PYTHON = "mp.Queue";
    private static final int MESSAGE_BYTES = 100;
    private static final int CAPACITY = 16_384;
    private static final int BATCH = 64;
    private static final int ONE_BY_ONE_PER_SECOND = 8_000_000;
    private static final int SHARED_PER_SECOND = 2_000_000;
    private static final int ROUND_TRIPS_PER_SECOND = 500_000;

    private QueueRows() {}

    /** What the codec is measured with. */
    record Order(String name, int number, double price, boolean paid) implements Serializable {}

    static List<Row> all() {
        return List.of(
                rate(
                        "queue-1p1c",
                        "one producer, one consumer, message by message",
                        Contender.of(OURS, effort -> work(1, 1, ONE_BY_ONE_PER_SECOND, effort)),
                        List.of(
                                AeronIpc.rate(ONE_BY_ONE_PER_SECOND),
                                AgronaRing.rate(1, ONE_BY_ONE_PER_SECOND),
                                Script.python(PYTHON, "mp.py", "queue-1p1c")),
                        new Target.Against(AeronIpc.NAME, 1.5),
                        new Target.Against(PYTHON, 100)),
                rate(
                        "queue-1p1c-batch",
                        "one producer, one consumer, batches of 64",
                        Contender.of(OURS, effort -> batches(effort)),
                        List.of(AeronIpc.rate(ONE_BY_ONE_PER_SECOND), AgronaRing.rate(1, ONE_BY_ONE_PER_SECOND)),
                        new Target.Against(AeronIpc.NAME, 2)),
                rate(
                        "queue-2p1c",
                        "two producers, one consumer",
                        Contender.of(OURS, effort -> work(2, 1, SHARED_PER_SECOND, effort)),
                        List.of(
                                AgronaRing.rate(2, ONE_BY_ONE_PER_SECOND),
                                Script.python(PYTHON, "mp.py", "queue-2p1c")),
                        new Target.Against(AgronaRing.NAME, 0.6),
                        new Target.Against(PYTHON, 12)),
                rate(
                        "queue-2p2c",
                        "two producers, two consumers that share the work",
                        Contender.of(OURS, effort -> work(2, 2, SHARED_PER_SECOND, effort)),
                        List.of(Script.python(PYTHON, "mp.py", "queue-2p2c")),
                        new Target.Against(PYTHON, 12)),
                rate(
                        "queue-record",
                        "one producer, one consumer, a record of four fields each",
                        Contender.of(OURS, effort -> records(effort)),
                        List.of(Script.python(PYTHON, "mp.py", "queue-record")),
                        new Target.Against(PYTHON, 20)),
                new Row(
                        "queue-ping-pong",
                        "one message there and back between two processes, median",
                        "us",
                        Better.LOWER,
                        Contender.of(OURS, QueueRows::pingPong),
                        List.of(
                                AgronaRing.pingPong(ROUND_TRIPS_PER_SECOND),
                                AeronIpc.pingPong(ROUND_TRIPS_PER_SECOND),
                                Script.python(PYTHON, "mp.py", "queue-ping-pong")),
                        List.of(new Target.Against(AgronaRing.NAME, 0.5))));
    }

    private static Row rate(String name, String what, Contender ours, List<Contender> peers, Target... targets) {
        return new Row(name, what, "messages/s", Better.HIGHER, ours, peers, List.of(targets));
    }

    private static double work(int producers, int consumers, int perSecond, Effort effort) throws Exception {
        int each = effort.count(perSecond) / producers;
        try (SharedQueue<byte[]> queue = SharedQueue.create(CAPACITY)) {
            var parts = new ArrayList<Crew.Part>();
            parts.addAll(Collections.nCopies(consumers, consumer(queue, each * producers / consumers)));
            parts.addAll(Collections.nCopies(producers, producer(queue, each)));
            return Crew.Span.perSecond(Crew.play(parts).subList(0, consumers));
        }
    }

    private static Crew.Part producer(SharedQueue<byte[]> queue, int count) {
        return gate -> {
            byte[] message = new byte[MESSAGE_BYTES];
            warmUp(message);
            gate.await();
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                queue.put(message);
            }
            return new Crew.Span(start, System.nanoTime(), count);
        };
    }

    private static Crew.Part consumer(SharedQueue<byte[]> queue, int count) {
        return gate -> {
            warmUp(new byte[MESSAGE_BYTES]);
            gate.await();
            queue.take();
            long start = System.nanoTime();
            for (int i = 1; i < count; i++) {
                queue.take();
            }
            return new Crew.Span(start, System.nanoTime(), count - 1L);
        };
    }

    private static <T> void warmUp(T message) throws InterruptedException {
        try (SharedQueue<T> own = SharedQueue.create(CAPACITY)) {
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < 2_000; i++) {
                    own.put(message);
                }
                for (int i = 0; i < 2_000; i++) {
                    own.take();
                }
            }
        }
    }

    private static double batches(Effort effort) throws Exception {
        int count = effort.count(ONE_BY_ONE_PER_SECOND) / BATCH * BATCH;
        try (SharedQueue<byte[]> queue = SharedQueue.create(CAPACITY)) {
            Crew.Part producer = gate -> {
                List<byte[]> batch = Collections.nCopies(BATCH, new byte[MESSAGE_BYTES]);
                warmUp(batch.getFirst());
                gate.await();
                long start = System.nanoTime();
                for (int sent = 0; sent < count; sent += BATCH) {
                    queue.putAll(batch);
                }
                return new Crew.Span(start, System.nanoTime(), count);
            };
            Crew.Part consumer = gate -> {
                warmUp(new byte[MESSAGE_BYTES]);
                gate.await();
                queue.take();
                long start = System.nanoTime();
                var batch = new ArrayList<byte[]>(BATCH);
                for (int taken = 1; taken < count; taken += batch.size()) {
                    batch.clear();
                    if (queue.drainTo(batch, BATCH) == 0) {
                        batch.add(queue.take());
                    }
                }
                return new Crew.Span(start, System.nanoTime(), count - 1L);
            };
            return Crew.Span.perSecond(Crew.play(List.of(consumer, producer)).subList(0, 1));
        }
    }

    private static double records(Effort effort) throws Exception {
        int count = effort.count(SHARED_PER_SECOND);
        try (SharedQueue<Order> queue = SharedQueue.create(CAPACITY)) {
            Crew.Part producer = gate -> {
                warmUp(new Order("name", 7, 1.5, true));
                gate.await();
                long start = System.nanoTime();
                for (int i = 0; i < count; i++) {
                    queue.put(new Order("name", i, 1.5, true));
                }
                return new Crew.Span(start, System.nanoTime(), count);
            };
            Crew.Part consumer = gate -> {
                warmUp(new Order("name", 7, 1.5, true));
                gate.await();
                queue.take();
                long start = System.nanoTime();
                for (int i = 1; i < count; i++) {
                    queue.take();
                }
                return new Crew.Span(start, System.nanoTime(), count - 1L);
            };
            return Crew.Span.perSecond(Crew.play(List.of(consumer, producer)).subList(0, 1));
        }
    }

    /** The span's count is the median in nanoseconds: each round trip is timed by itself. */
    private static double pingPong(Effort effort) throws Exception {
        int count = effort.count(ROUND_TRIPS_PER_SECOND);
        try (SharedQueue<byte[]> there = SharedQueue.create(16);
                SharedQueue<byte[]> back = SharedQueue.create(16)) {
            Crew.Part caller = gate -> {
                byte[] message = new byte[MESSAGE_BYTES];
                warmUp(message);
                gate.await();
                long[] nanos = new long[count];
                for (int i = 0; i < count; i++) {
                    long start = System.nanoTime();
                    there.put(message);
                    back.take();
                    nanos[i] = System.nanoTime() - start;
                }
                Arrays.sort(nanos);
                return new Crew.Span(0, 1, nanos[count / 2]);
            };
            Crew.Part echo = gate -> {
                warmUp(new byte[MESSAGE_BYTES]);
                gate.await();
                for (int i = 0; i < count; i++) {
                    back.put(there.take());
                }
                return new Crew.Span(0, 1, count);
            };
            return Crew.play(List.of(caller, echo)).getFirst().count() / 1e3;
        }
    }
}
