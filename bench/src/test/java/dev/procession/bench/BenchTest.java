package dev.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchTest {
    private final List<String> ran = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private Contender contender(String name, double... figures) {
        var left = new ArrayList<>(Arrays.stream(figures).boxed().toList());
        return Contender.of(name, _ -> {
            ran.add(name);
            return left.removeFirst();
        });
    }

    private int run(Row row, String... args) {
        return Bench.commandLine(List.of(row))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private Row row(Better better, Contender ours, Contender peer, Target... targets) {
        return new Row("w", "some work", "ops/s", better, ours, List.of(peer), List.of(targets));
    }

    @Test
    void contendersAlternateAndMediansAreCompared() {
        Row row = row(
                Better.HIGHER,
                contender("ours", 30, 10, 20),
                contender("peer", 1, 5, 4),
                new Target.Against("peer", 5));

        assertThat(run(row, "run", "w", "--quick", "--json")).isZero();

        assertThat(ran).containsExactly("ours", "peer", "ours", "peer", "ours", "peer");
        JsonNode json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.at("/ours/median").asDouble()).isEqualTo(20);
        assertThat(json.at("/ours/min").asDouble()).isEqualTo(10);
        assertThat(json.at("/ours/max").asDouble()).isEqualTo(30);
        assertThat(json.at("/ratio/peer").asDouble()).isEqualTo(5);
        assertThat(json.at("/better").asString()).isEqualTo("higher");
        assertThat(json.at("/reached").asBoolean()).isTrue();
    }

    @Test
    void missedTargetIsToldAndSetsTheExitCode() {
        Row row = row(
                Better.LOWER, contender("ours", 3, 3, 3), contender("peer", 4, 4, 4), new Target.Against("peer", 2));

        assertThat(run(row, "run", "all", "--quick")).isEqualTo(Bench.NOT_REACHED);
        assertThat(out.toString()).contains("ours is 1.33x").contains("NOT REACHED");
    }

    @Test
    void absentPeerIsNamedWithItsInstallLineAndNeverCounted() {
        Contender peer = new Contender() {
            @Override
            public String name() {
                return "peer";
            }

            @Override
            public Optional<String> absence() {
                return Optional.of("apt-get install peer");
            }

            @Override
            public double measure(Effort effort) {
                throw new AssertionError("an absent peer ran");
            }
        };
        Row row = row(Better.HIGHER, contender("ours", 1, 1, 1), peer, new Target.Against("peer", 1));

        assertThat(run(row, "run", "w", "--quick")).isEqualTo(Bench.NOT_REACHED);
        assertThat(out.toString()).contains("absent: apt-get install peer");
    }

    @Test
    void unknownRowIsAMisuse() {
        Row row = row(Better.HIGHER, contender("ours"), contender("peer"));

        assertThat(run(row, "run", "nope")).isEqualTo(64);
        assertThat(err.toString()).contains("name=nope");
    }

    @Test
    void failingContenderFailsTheRun() {
        Row row = row(
                Better.HIGHER,
                Contender.of("ours", _ -> {
                    throw new IllegalStateException("boom");
                }),
                contender("peer", 1, 1, 1));

        assertThat(run(row, "run", "w", "--quick")).isEqualTo(Bench.FAILED);
        assertThat(err.toString()).contains("boom");
    }
}
