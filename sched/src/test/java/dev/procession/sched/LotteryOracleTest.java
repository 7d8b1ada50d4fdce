package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The lottery as OSTEP's {@code lottery.py} holds it. */
class LotteryOracleTest {
    static Stream<JsonNode> oracles() {
        return Oracles.named("lottery-");
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void givesTheSameScheduleAsLottery(JsonNode oracle) {
        List<Job> jobs = Oracles.each(oracle.path("jobs")).stream()
                .map(job -> Job.of(Oracles.name(job), 0, job.path("length").asLong())
                        .withTickets(job.path("tickets").asLong()))
                .toList();
        List<JsonNode> draws = Oracles.each(oracle.path("draws"));
        long quantum = quantum(oracle);

        Schedule schedule = Simulator.of(Lottery.ofDraws(
                                quantum,
                                draws.stream()
                                        .mapToLong(d -> d.path("random").asLong())
                                        .toArray())
                        .withSlots(Lottery.Slots.WHOLE))
                .run(jobs);

        assertThat(schedule.segments().stream()
                        .map(s -> s.start() + ".." + s.end() + " " + s.job().name()))
                .containsExactlyElementsOf(Stream.iterate(0, i -> i < draws.size(), i -> i + 1)
                        .map(i -> i * quantum + ".." + (i + 1) * quantum + " job "
                                + draws.get(i).path("run").asInt())
                        .toList());
        assertThat(schedule.events().stream()
                        .filter(event -> event.kind() == Event.Kind.FINISHED)
                        .map(event -> event.job().name() + " at " + event.time()))
                .containsExactlyElementsOf(Oracles.each(oracle.path("done")).stream()
                        .map(done -> Oracles.name(done) + " at " + done.path("time"))
                        .toList());
    }

    private static long quantum(JsonNode oracle) {
        List<String> args = Oracles.each(oracle.path("args")).stream()
                .map(JsonNode::asString)
                .toList();
        return args.contains("-q") ? Long.parseLong(args.get(args.indexOf("-q") + 1)) : 1;
    }
}
