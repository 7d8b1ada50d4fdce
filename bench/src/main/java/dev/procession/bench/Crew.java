package dev.procession.bench;

import dev.procession.core.codec.Codec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * JVMs that do a piece of work together: each gets its part as a serialized lambda, warms up, waits at a gate for the
 * others, and reports when it began and ended. {@code System.nanoTime} is one clock for all JVMs of a Linux host.
 */
final class Crew {
    private Crew() {}

    /** What one JVM does. */
    @FunctionalInterface
    interface Part extends Serializable {
        Span play(Gate gate) throws Exception;
    }

    /** When a part's measured work began and ended, and how much it was. */
    record Span(long startNanos, long endNanos, long count) {
        static double perSecond(List<Span> spans) {
            long start = spans.stream().mapToLong(Span::startNanos).min().orElseThrow();
            long end = spans.stream().mapToLong(Span::endNanos).max().orElseThrow();
            return spans.stream().mapToLong(Span::count).sum() * 1e9 / (end - start);
        }
    }

    /** Where a JVM waits until all are warm. */
    static final class Gate {
        private final BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

        void await() throws IOException {
            System.out.println("ready");
            if (orders.readLine() == null) {
                throw new IOException("the bench ended before its gate opened");
            }
        }
    }

    /** Runs the parts, each in a JVM of its own, and returns their spans in the same order. */
    static List<Span> play(List<Part> parts) throws Exception {
        var jvms = new ArrayList<PeerJvm>();
        try {
            for (Part part : parts) {
                jvms.add(PeerJvm.start(
                        Member.class, HexFormat.of().formatHex(Codec.standard().encode(part))));
            }
            for (PeerJvm jvm : jvms) {
                jvm.awaitLine("ready");
            }
            for (PeerJvm jvm : jvms) {
                jvm.say("go");
            }
            var spans = new ArrayList<Span>();
            for (PeerJvm jvm : jvms) {
                String[] told = jvm.result().split(" ", -1);
                spans.add(new Span(Long.parseLong(told[0]), Long.parseLong(told[1]), Long.parseLong(told[2])));
            }
            return spans;
        } finally {
            jvms.forEach(PeerJvm::close);
        }
    }

    /** The main class of a JVM of the crew. Argument: the part, encoded, in hexadecimal digits. */
    static final class Member {
        private Member() {}

        public static void main(String[] args) throws Exception {
            Object part = Codec.standard().decode(HexFormat.of().parseHex(args[0]));
            if (!(part instanceof Part mine)) {
                throw new IllegalArgumentException("not a part: " + part);
            }
            Span span = mine.play(new Gate());
            System.out.println(span.startNanos() + " " + span.endNanos() + " " + span.count());
        }
    }
}
