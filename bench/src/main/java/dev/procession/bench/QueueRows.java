package dev.procession.bench;

import dev.procession.core.QueueShutDownException;
import dev.procession.shm.SharedQueue;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Messages between processes, 100 bytes each. Rates are what the consumers take, all together. */
final class QueueRows {
    private static final String OURS = "SharedQueue";
    private static final String PYTHON = "mp.Queue";
    private static final int MESSAGE_BYTES = 100;
    private static final int CAPACITY = 16_384;
    private static final int BATCH = 64;

    private QueueRows() {}

    /** What the codec is measured with; the Python peer has a tuple. */
    record Order(String name, int number, double price, boolean paid) implements Serializable {}

    static List<Row> all() {
        return List.of(
                rate(
                        "queue-1p1c",
                        "one producer, one consumer, message by message",
                        Contender.of(OURS, effort -> work(1, 1, effort)),
                        List.of(AeronIpc.rate(), AgronaRing.rate(1), Script.python(PYTHON, "mp.py", "queue-1p1c")),
                        new Target.Against(AeronIpc.NAME, 1.5),
                        new Target.Against(PYTHON, 100)),
                rate(
                        "queue-1p1c-batch",
                        "one producer, one consumer, batches of 64",
                        Contender.of(OURS, QueueRows::batches),
                        List.of(AeronIpc.rate(), AgronaRing.rate(1)),
                        new Target.Against(AeronIpc.NAME, 2)),
                rate(
                        "queue-2p1c",
                        "two producers, one consumer",
                        Contender.of(OURS, effort -> work(2, 1, effort)),
                        List.of(AgronaRing.rate(2), Script.python(PYTHON, "mp.py", "queue-2p1c")),
                        new Target.Against(AgronaRing.NAME, 0.6),
                        new Target.Against(PYTHON, 12)),
                rate(
                        "queue-2p2c",
                        "two producers, two consumers that share the work (Agrona: one that gets all)",
                        Contender.of(OURS, effort -> work(2, 2, effort)),
                        List.of(AgronaRing.rate(2), Script.python(PYTHON, "mp.py", "queue-2p2c")),
                        new Target.Against(AgronaRing.NAME, 0.6),
                        new Target.Against(PYTHON, 12)),
                rate(
                        "queue-record",
                        "one producer, one consumer, a record of four fields each",
                        Contender.of(OURS, QueueRows::records),
                        List.of(Script.python(PYTHON, "mp.py", "queue-record")),
                        new Target.Against(PYTHON, 20)),
                roundTrip(
                        "queue-ping-pong",
                        "one message there and back between two processes that look for it, median",
                        Contender.of(OURS, QueueRows::pingPong),
                        List.of(
                                AgronaRing.pingPong(),
                                AeronIpc.pingPong(),
                                Script.python(PYTHON, "mp.py", "queue-ping-pong")),
                        new Target.Against(AgronaRing.NAME, 0.5)),
                roundTrip(
                        "queue-ping-pong-parked",
                        "one message there and back between two processes that sleep when it comes, median",
                        Contender.of(OURS, QueueRows::parkedPingPong),
                        List.of(PingPong.parkedUnixSocket()),
                        new Target.Against(PingPong.UNIX_SOCKET, 1)));
    }

    private static Row rate(String name, String what, Contender ours, List<Contender> peers, Target... targets) {
        return new Row(name, what, "messages/s", Better.HIGHER, ours, peers, List.of(targets));
    }

    private static Row roundTrip(String name, String what, Contender ours, List<Contender> peers, Target target) {
        return new Row(name, what, "us", Better.LOWER, ours, peers, List.of(target));
    }

    private static double work(int producers, int consumers, Effort effort) throws Exception {
        try (SharedQueue<byte[]> queue = SharedQueue.create(CAPACITY)) {
            byte[] message = new byte[MESSAGE_BYTES];
            var parts = new ArrayList<Crew.Part>();
            parts.addAll(Collections.nCopies(consumers, consumer(queue)));
            parts.addAll(Collections.nCopies(producers, producer(queue, message)));
            return Crew.sumOfFirst(consumers, Crew.play(effort, parts));
        }
    }

    private static double records(Effort effort) throws Exception {
        try (SharedQueue<Order> queue = SharedQueue.create(CAPACITY)) {
            var order = new Order("name", 7, 1.5, true);
            return Crew.sumOfFirst(1, Crew.play(effort, List.of(consumer(queue), producer(queue, order))));
        }
    }

    private static <T extends Serializable> Crew.Part producer(SharedQueue<T> queue, T message) {
        return played(queue, () -> {
            for (int i = 0; i < BATCH; i++) {
                queue.put(message);
            }
            return BATCH;
        });
    }

    private static Crew.Part consumer(SharedQueue<?> queue) {
        return played(queue, () -> {
            for (int i = 0; i < BATCH; i++) {
                queue.take();
            }
            return BATCH;
        });
    }

    private static double batches(Effort effort) throws Exception {
        try (SharedQueue<byte[]> queue = SharedQueue.create(CAPACITY)) {
            Crew.Part producer = played(queue, () -> {
                queue.putAll(Collections.nCopies(BATCH, new byte[MESSAGE_BYTES]));
                return BATCH;
            });
            Crew.Part consumer = played(queue, () -> {
                var batch = new ArrayList<byte[]>(BATCH);
                if (queue.drainTo(batch, BATCH) == 0) {
                    batch.add(queue.take());
                }
                return batch.size();
            });
            return Crew.sumOfFirst(1, Crew.play(effort, List.of(consumer, producer)));
        }
    }

    /** A part at one side of a queue. Whoever is done first shuts the queue down, so that nobody waits for the others. */
    private static Crew.Part played(SharedQueue<?> queue, SerializableStretch stretch) {
        return gate -> {
            double rate = gate.await().perSecond(stretch);
            queue.shutdown();
            return rate;
        };
    }

    private interface SerializableStretch extends Window.Stretch, Serializable {}

    private static double pingPong(Effort effort) throws Exception {
        return trips(effort, () -> {});
    }

    private static double parkedPingPong(Effort effort) throws Exception {
        return PingPong.withoutWork(trips(effort, PingPong::work));
    }

    private interface SerializableWork extends Runnable, Serializable {}

    /** The median of the caller, where each side works before it sends. */
    private static double trips(Effort effort, SerializableWork work) throws Exception {
        try (SharedQueue<byte[]> there = SharedQueue.create(16);
                SharedQueue<byte[]> back = SharedQueue.create(16)) {
            Crew.Part caller = gate -> {
                byte[] message = new byte[MESSAGE_BYTES];
                double median = PingPong.medianMicros(gate.await(), () -> {
                    work.run();
                    there.put(message);
                    back.take();
                });
                there.shutdown();
                return median;
            };
            Crew.Part echo = gate -> {
                Window _ = gate.await();
                try {
                    for (; ; ) {
                        byte[] message = there.take();
                        work.run();
                        back.put(message);
                    }
                } catch (QueueShutDownException over) {
                    return 0;
                }
            };
            return Crew.play(effort, List.of(caller, echo)).getFirst();
        }
    }
}
