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
 * JVMs that do a piece of work together, of ours or of a peer: each gets its part as a serialized lambda, waits at a gate
 * for the others, and reports its figure. {@code System.nanoTime} is one clock for all JVMs of a Linux host, so they have
 * one {@link Window}.
 */
final class Crew {
    private Crew() {}

    /** What one JVM does. */
    @FunctionalInterface
    interface Part extends Serializable {
        /** Prepares, passes the gate, works; the result is its figure. */
        double play(Gate gate) throws Exception;
    }

    /** Where a JVM waits until all are ready. */
    static final class Gate {
        private final BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

        /** Waits for the others; the result is when they all work. */
        Window await() throws IOException {
            System.out.println("ready");
            String order = orders.readLine();
            if (order == null) {
                throw new IOException("the bench ended before its gate opened");
            }
            String[] times = order.split(" ", -1);
            return new Window(Long.parseLong(times[0]), Long.parseLong(times[1]));
        }
    }

    /** Runs the parts, each in a JVM of its own, and returns their figures in the same order. */
    static List<Double> play(Effort effort, List<Part> parts) throws Exception {
        return play(PeerJvm.USUAL_HEAP, effort, parts);
    }

    private static List<Double> play(String heap, Effort effort, List<Part> parts) throws Exception {
        var jvms = new ArrayList<PeerJvm>();
        try {
            for (Part part : parts) {
                jvms.add(PeerJvm.startIn(
                        heap,
                        Member.class,
                        HexFormat.of().formatHex(Codec.standard().encode(part))));
            }
            for (PeerJvm jvm : jvms) {
                jvm.awaitLine("ready");
            }
            Window window = Window.after(effort.warmUpSeconds(), effort.seconds());
            for (PeerJvm jvm : jvms) {
                jvm.say(window.opensNanoTime() + " " + window.closesNanoTime());
            }
            var figures = new ArrayList<Double>();
            for (PeerJvm jvm : jvms) {
                figures.add(Double.parseDouble(jvm.result()));
            }
            return figures;
        } finally {
            jvms.forEach(PeerJvm::close);
        }
    }

    /** Runs one part alone. */
    static double play(Effort effort, Part part) throws Exception {
        return play(effort, List.of(part)).getFirst();
    }

    /** Runs one part alone, in a JVM with that much heap, such as {@code 1g}. */
    static double playIn(String heap, Effort effort, Part part) throws Exception {
        return play(heap, effort, List.of(part)).getFirst();
    }

    /** Adds up what the first of the parts did: those that take what the others put. */
    static double sumOfFirst(int count, List<Double> figures) {
        return figures.subList(0, count).stream().mapToDouble(each -> each).sum();
    }

    /** The main class of a JVM of the crew. Argument: the part, encoded, in hexadecimal digits. */
    static final class Member {
        private Member() {}

        public static void main(String[] args) throws Exception {
            Object part = Codec.standard().decode(HexFormat.of().parseHex(args[0]));
            if (!(part instanceof Part mine)) {
                throw new IllegalArgumentException("not a part: " + part);
            }
            System.out.println(mine.play(new Gate()));
        }
    }
}
