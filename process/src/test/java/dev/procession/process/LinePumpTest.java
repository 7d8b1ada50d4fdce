package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the bytes come, the lines are the same. */
class LinePumpTest {
    private static final String TEXT = "one\n\nthree with ünicode 绿\n" + "x".repeat(20_000) + "\nlast without end";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8191, 8192, 8193, 100_000})
    void linesAreWholeHoweverTheBytesCome(int chunkBytes) {
        List<String> lines = new ArrayList<>();

        new LinePump(
                        chunked(TEXT.getBytes(StandardCharsets.UTF_8), chunkBytes),
                        Sinks.lines(StandardCharsets.UTF_8, lines::add))
                .run();

        assertThat(lines).isEqualTo(TEXT.lines().toList());
    }

    @Test
    void sourceThatBreaksLosesNothingThatWasRead() {
        List<String> lines = new ArrayList<>();
        var broken = new InputStream() {
            private final InputStream first = new ByteArrayInputStream("a\nb".getBytes(StandardCharsets.UTF_8));

            @Override
            public int read() {
                throw new AssertionError();
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                int read = first.read(target, from, length);
                if (read < 0) {
                    throw new IOException("broken on purpose by this test") {
                        private static final long serialVersionUID = 1;

                        @Override
                        public synchronized Throwable fillInStackTrace() {
                            return this;
                        }
                    };
                }
                return read;
            }
        };

        new LinePump(broken, Sinks.lines(StandardCharsets.UTF_8, lines::add)).run();

        assertThat(lines).containsExactly("a", "b");
    }

    @Test
    void lineOverAMegabyteComesInPieces() {
        List<Integer> lengths = new ArrayList<>();
        byte[] bytes = "x".repeat(5 << 19).getBytes(StandardCharsets.UTF_8);

        new LinePump(
                        new ByteArrayInputStream(bytes),
                        Sinks.lines(StandardCharsets.UTF_8, line -> lengths.add(line.length())))
                .run();

        assertThat(lengths).hasSize(3).allMatch(length -> length <= 1 << 20);
        assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo(bytes.length);
    }

    @Test
    void tailKeepsTheLastFiftyLines() throws IOException {
        var tail = new Sinks.Tail((_, _) -> {}, StandardCharsets.UTF_8);
        for (int i = 0; i < 120; i++) {
            byte[] line = ("line " + i + "\n").getBytes(StandardCharsets.UTF_8);
            tail.lines(line, line.length);
        }

        assertThat(tail.last()).hasSize(50).startsWith("line 70").endsWith("line 119");
    }

    private static InputStream chunked(byte[] bytes, int chunkBytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int from, int length) {
                return super.read(target, from, Math.min(length, chunkBytes));
            }
        };
    }
}
