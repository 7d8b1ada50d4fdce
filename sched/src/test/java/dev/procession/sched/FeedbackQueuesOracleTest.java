package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The feedback queue as OSTEP's {@code mlfq.py} does it, with every option. */
class FeedbackQueuesOracleTest {
    private static final Map<Event.Kind, String> KINDS = Map.of(
            Event.Kind.ARRIVED, "JOB_BEGINS",
            Event.Kind.IO_STARTED, "IO_START",
            Event.Kind.IO_DONE, "IO_DONE",
            Event.Kind.FINISHED, "FINISHED",
            Event.Kind.BOOSTED, "BOOST");

    static Stream<JsonNode> oracles() {
        return Oracles.named("mlfq-");
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void givesTheSameScheduleAsMlfq(JsonNode oracle) {
        JsonNode options = oracle.path("options");
        List<Job> jobs = Oracles.each(oracle.path("jobs")).stream()
                .map(job -> job(job, options.path("ioTime").asLong()))
                .toList();

        Schedule schedule = Simulator.of(policy(options)).run(jobs);

        assertThat(schedule.segments().stream().map(FeedbackQueuesOracleTest::row))
                .containsExactlyElementsOf(Oracles.each(oracle.path("segments")).stream()
                        .filter(segment -> !segment.path("idle").asBoolean())
                        .map(FeedbackQueuesOracleTest::row)
                        .toList());
        assertThat(schedule.events().stream().map(FeedbackQueuesOracleTest::row))
                .containsExactlyElementsOf(Oracles.each(oracle.path("events")).stream()
                        .map(FeedbackQueuesOracleTest::eventRow)
                        .toList());
        assertThat(idle(schedule))
                .containsExactlyElementsOf(Oracles.each(oracle.path("segments")).stream()
                        .filter(segment -> segment.path("idle").asBoolean())
                        .map(segment -> segment.path("start") + ".." + segment.path("end"))
                        .toList());
        assertThat(schedule.busyTicks()).isEqualTo(oracle.path("cpu_ticks").asLong());
        assertThat(schedule.makespan() - schedule.busyTicks())
                .isEqualTo(oracle.path("idle_ticks").asLong());
        ensureFigures(oracle, schedule);
    }

    private static void ensureFigures(JsonNode oracle, Schedule schedule) {
        List<JsonNode> expected = Oracles.each(oracle.path("per_job"));
        for (int i = 0; i < expected.size(); i++) {
            Outcome outcome = schedule.outcomes().get(i);
            JsonNode figures = expected.get(i);
            assertThat(List.of(
                            outcome.job().name(),
                            outcome.job().arrival(),
                            outcome.response(),
                            outcome.turnaround(),
                            outcome.job().work().burstCount() / 2,
                            outcome.waiting()))
                    .isEqualTo(List.of(
                            Oracles.name(figures),
                            figures.path("startTime").asLong(),
                            figures.path("response").asLong(),
                            figures.path("turnaround").asLong(),
                            figures.path("ios").asLong(),
                            figures.path("wait_derived").asLong()));
        }
        assertThat(Oracles.twoPlaces(schedule.averages().response()))
                .isEqualTo(oracle.path("average").path("response").asString());
        assertThat(Oracles.twoPlaces(schedule.averages().turnaround()))
                .isEqualTo(oracle.path("average").path("turnaround").asString());
    }

    private static Job job(JsonNode job, long ioTicks) {
        long service = job.path("runTime").asLong();
        long ioEvery = job.path("ioFreq").asLong();
        Work work = ioEvery == 0 ? new Work.Once(service) : new Work.Periodic(service, ioEvery, ioTicks);
        return Job.of(Oracles.name(job), job.path("startTime").asLong(), work);
    }

    private static Policy policy(JsonNode options) {
        Levels levels = Levels.of(Oracles.longs(options.path("quantum_high_to_low")))
                .withAllotments(Oracles.longs(options.path("allotment_slices_high_to_low")));
        FeedbackQueues queues = FeedbackQueues.of(Preset.OSTEP, levels);
        if (options.path("boost").asLong() > 0) {
            queues = queues.withBoost(options.path("boost").asLong());
        }
        if (options.path("stayAfterIO").asBoolean()) {
            queues = queues.withAfterIo(FeedbackQueues.AfterIo.FRESH_QUANTUM);
        }
        if (options.path("iobump").asBoolean()) {
            queues = queues.withReturnTo(FeedbackQueues.ReturnTo.HEAD);
        }
        return queues;
    }

    private static String row(Segment segment) {
        Rank rank = segment.rank();
        return segment.start() + ".." + segment.end() + " " + segment.job().name() + " level=" + rank.level() + " left="
                + rank.quantumLeft() + "/" + rank.allotmentLeft();
    }

    private static String row(JsonNode segment) {
        return segment.path("start") + ".." + segment.path("end") + " " + Oracles.name(segment) + " level="
                + segment.path("priority") + " left=" + segment.path("ticksLeftAtEnd") + "/"
                + segment.path("allotLeftDuring");
    }

    private static String row(Event event) {
        return event.time() + " " + KINDS.get(event.kind())
                + (event.job() == null ? "" : " " + event.job().name());
    }

    private static String eventRow(JsonNode event) {
        boolean ofAJob = event.path("job").isNumber();
        return event.path("time").asLong() + " " + event.path("kind").asString()
                + (ofAJob ? " " + Oracles.name(event) : "");
    }

    /** Idle stretches: the gaps between segments, cut, as the segments are, at every event. */
    private static List<String> idle(Schedule schedule) {
        List<Long> instants =
                schedule.events().stream().map(Event::time).distinct().toList();
        var idle = new ArrayList<String>();
        long from = 0;
        for (Segment segment : schedule.segments()) {
            for (long instant : instants) {
                if (instant > from && instant <= segment.start()) {
                    idle.add(from + ".." + instant);
                    from = instant;
                }
            }
            assertThat(from).as("an idle stretch ends at an event").isEqualTo(segment.start());
            from = segment.end();
        }
        return idle;
    }
}
