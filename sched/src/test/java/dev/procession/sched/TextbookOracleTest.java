package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The worked examples of Stallings, Silberschatz and Tanenbaum. */
class TextbookOracleTest {
    static Stream<JsonNode> cases() {
        return Oracles.named("textbook").flatMap(book -> Oracles.each(book.path("cases")).stream());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheFiguresOfTheBook(JsonNode example) {
        List<Job> jobs = jobs(example);
        Preset preset =
                example.path("id").asString().startsWith("silberschatz") ? Preset.SILBERSCHATZ : Preset.STALLINGS;

        Schedule schedule = Simulator.of(policy(example, preset)).run(jobs);

        JsonNode reference = example.path("reference");
        assertThat(schedule.segments().stream().map(s -> s.job().name() + " " + s.start() + ".." + s.end()))
                .containsExactlyElementsOf(Oracles.each(reference.path("segments")).stream()
                        .map(s -> s.get(0).asString() + " " + s.get(1) + ".." + s.get(2))
                        .toList());
        assertThat(schedule.outcomes().stream().map(Outcome::finish))
                .containsExactlyElementsOf(list(reference, "finish"));
        assertThat(schedule.outcomes().stream().map(Outcome::turnaround))
                .containsExactlyElementsOf(list(reference, "turnaround"));
        assertThat(schedule.outcomes().stream().map(Outcome::waiting))
                .containsExactlyElementsOf(list(reference, "wait"));
        assertThat(schedule.outcomes().stream().map(Outcome::response))
                .containsExactlyElementsOf(list(reference, "response"));
        assertThat(schedule.outcomes().stream().map(o -> Oracles.twoPlaces(o.normalized())))
                .containsExactlyElementsOf(Oracles.each(reference.path("normalized")).stream()
                        .map(figure -> Oracles.twoPlaces(figure.asDouble()))
                        .toList());
        ensureMeans(reference.path("mean"), schedule.averages());
        ensureMeansOfTheBook(example.path("sourced_figures"), schedule.averages());
    }

    private static void ensureMeans(JsonNode expected, Averages means) {
        assertThat(List.of(
                        Oracles.twoPlaces(means.turnaround()),
                        Oracles.twoPlaces(means.waiting()),
                        Oracles.twoPlaces(means.response()),
                        Oracles.twoPlaces(means.normalized())))
                .isEqualTo(Stream.of("turnaround", "wait", "response", "normalized")
                        .map(name -> Oracles.twoPlaces(expected.path(name).asDouble()))
                        .toList());
    }

    private static void ensureMeansOfTheBook(JsonNode printed, Averages means) {
        assertThat(List.of(
                        printed.path("mean_wait").asDouble(means.waiting()),
                        printed.path("mean_turnaround").asDouble(means.turnaround())))
                .isEqualTo(List.of(means.waiting(), means.turnaround()));
        if (printed.has("mean_normalized")) {
            assertThat(Oracles.twoPlaces(means.normalized()))
                    .isEqualTo(Oracles.twoPlaces(printed.path("mean_normalized").asDouble()));
        }
    }

    private static List<Job> jobs(JsonNode example) {
        List<JsonNode> processes = Oracles.each(example.path("procs"));
        JsonNode priorities = example.path("params").path("prio");
        var jobs = new ArrayList<Job>();
        for (int i = 0; i < processes.size(); i++) {
            JsonNode process = processes.get(i);
            jobs.add(Job.of(
                            process.path("name").asString(),
                            process.path("arrival").asLong(),
                            process.path("service").asLong())
                    .withPriority(priorities.path(i).asInt(0)));
        }
        return jobs;
    }

    private static Policy policy(JsonNode example, Preset preset) {
        JsonNode params = example.path("params");
        HighestPriorityFirst.Order order = params.path("prio_low_is_high").asBoolean(true)
                ? HighestPriorityFirst.Order.SMALL_FIRST
                : HighestPriorityFirst.Order.LARGE_FIRST;
        return switch (example.path("policy").asString()) {
            case "FCFS" -> new FirstComeFirstServed();
            case "SJF" -> new ShortestJobFirst();
            case "SRTF" -> new ShortestRemainingTimeFirst();
            case "HRRN" -> new HighestResponseRatioNext();
            case "PRIO" -> HighestPriorityFirst.of(order);
            case "PRIO-P" -> HighestPriorityFirst.of(order).withPreemption(HighestPriorityFirst.Preemption.BY_BETTER);
            case "RR" -> new RoundRobin(params.path("q").asLong(), preset);
            case "FB1" -> FeedbackQueues.of(preset, Levels.same(Levels.UNLIMITED, 1));
            case "FB2I" -> FeedbackQueues.of(preset, Levels.doubling(Levels.UNLIMITED, 1));
            default -> throw new AssertionError("unknown policy in " + example);
        };
    }

    private static List<Long> list(JsonNode reference, String name) {
        return Oracles.each(reference.path(name)).stream().map(JsonNode::asLong).toList();
    }
}
