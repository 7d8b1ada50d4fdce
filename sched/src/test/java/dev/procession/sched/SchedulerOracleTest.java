package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** FIFO, SJF and round robin as OSTEP's {@code scheduler.py} does them. */
class SchedulerOracleTest {
    static Stream<JsonNode> oracles() {
        return Oracles.named("scheduler-");
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void givesTheSameScheduleAsScheduler(JsonNode oracle) {
        List<Job> jobs = Oracles.each(oracle.path("jobs")).stream()
                .map(job -> Job.of(Oracles.name(job), 0, job.path("length").asLong()))
                .toList();

        Schedule schedule = Simulator.of(policy(oracle)).run(jobs);

        assertThat(schedule.segments().stream().map(SchedulerOracleTest::row))
                .containsExactlyElementsOf(Oracles.each(oracle.path("segments")).stream()
                        .map(s -> Oracles.name(s) + " at " + s.path("start") + " for " + s.path("for"))
                        .toList());
        assertThat(finishedIn(schedule))
                .containsExactlyElementsOf(Oracles.each(oracle.path("segments")).stream()
                        .filter(s -> s.path("done").asBoolean())
                        .map(Oracles::name)
                        .toList());
        assertThat(schedule.outcomes().stream()
                        .map(o -> List.<Object>of(o.job().name(), o.response(), o.turnaround(), o.waiting())))
                .containsExactlyElementsOf(Oracles.each(oracle.path("per_job")).stream()
                        .map(p -> List.<Object>of(
                                Oracles.name(p),
                                p.path("response").asLong(),
                                p.path("turnaround").asLong(),
                                p.path("wait").asLong()))
                        .toList());
        JsonNode average = oracle.path("average");
        Averages means = schedule.averages();
        assertThat(List.of(
                        Oracles.twoPlaces(means.response()),
                        Oracles.twoPlaces(means.turnaround()),
                        Oracles.twoPlaces(means.waiting())))
                .containsExactly(
                        average.path("response").asString(),
                        average.path("turnaround").asString(),
                        average.path("wait").asString());
    }

    private static Policy policy(JsonNode oracle) {
        List<String> args = Oracles.each(oracle.path("args")).stream()
                .map(JsonNode::asString)
                .toList();
        return switch (args.get(args.indexOf("-p") + 1)) {
            case "FIFO" -> new FirstComeFirstServed();
            case "SJF" -> new ShortestJobFirst();
            case "RR" -> RoundRobin.of(args.contains("-q") ? Long.parseLong(args.get(args.indexOf("-q") + 1)) : 1);
            default -> throw new AssertionError("unknown policy in " + args);
        };
    }

    private static String row(Segment segment) {
        return segment.job().name() + " at " + segment.start() + " for " + segment.ticks();
    }

    private static List<String> finishedIn(Schedule schedule) {
        return schedule.events().stream()
                .filter(event -> event.kind() == Event.Kind.FINISHED)
                .map(event -> event.job().name())
                .toList();
    }
}
