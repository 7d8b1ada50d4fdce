package dev.procession.bench;

import dev.procession.core.codec.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;

/** Values to bytes and back. */
final class CodecRows {
    private static final String JDK = "JDK serialization";
    private static final int STRETCH = 100;

    private CodecRows() {}

    static List<Row> all() {
        return List.of(new Row(
                "codec-record",
                "a record of four fields to bytes and back",
                "records/s",
                Better.HIGHER,
                Contender.of("Codec.standard", CodecRows::ours),
                List.of(Contender.of(JDK, CodecRows::jdk), Script.python("pickle", "mp.py", "codec-record")),
                List.of(new Target.Against(JDK, 10))));
    }

    private static QueueRows.Order order(int number) {
        return new QueueRows.Order("name", number, 1.5, true);
    }

    private static double ours(Effort effort) throws Exception {
        return Crew.play(effort, gate -> {
            Codec codec = Codec.standard();
            return gate.await().perSecond(() -> {
                for (int i = 0; i < STRETCH; i++) {
                    ensureEqual(codec.decode(codec.encode(order(i))), i);
                }
                return STRETCH;
            });
        });
    }

    private static double jdk(Effort effort) throws Exception {
        return Crew.play(
                effort,
                gate -> gate.await().perSecond(() -> {
                    for (int i = 0; i < STRETCH; i++) {
                        var bytes = new ByteArrayOutputStream();
                        try (var out = new ObjectOutputStream(bytes)) {
                            out.writeObject(order(i));
                        }
                        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                            ensureEqual(in.readObject(), i);
                        }
                    }
                    return STRETCH;
                }));
    }

    private static void ensureEqual(Object copy, int number) {
        if (!(copy instanceof QueueRows.Order order) || order.number() != number) {
            throw new IllegalStateException("another record came back: number=" + number + ", record=" + copy);
        }
    }
}
