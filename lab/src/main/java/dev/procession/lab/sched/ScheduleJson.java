package dev.procession.lab.sched;

import dev.procession.sched.Averages;
import dev.procession.sched.Outcome;
import dev.procession.sched.Schedule;
import dev.procession.sched.Segment;
import dev.procession.sched.Trace;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Schedules as one line of JSON, in UTF-8, written as they are played: segments are never all in memory. */
final class ScheduleJson {
    private final PrintStream out;
    private final TickScale scale;

    ScheduleJson(PrintStream out, TickScale scale) {
        this.out = out;
        this.scale = scale;
    }

    /** One schedule as one object. */
    void write(Schedule schedule) {
        try (JsonGenerator json = generator()) {
            json.writeStartObject();
            fields(json, schedule);
            json.writeEndObject();
        }
        endLine();
    }

    /** Several schedules in a list that is called like what was asked for: {@code eras} or {@code compare}. */
    void writeAll(String name, List<Schedule> schedules) {
        try (JsonGenerator json = generator()) {
            json.writeStartObject();
            json.writeStringProperty("policy", name);
            json.writeArrayPropertyStart(name);
            for (Schedule schedule : schedules) {
                json.writeStartObject();
                fields(json, schedule);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        endLine();
    }

    private JsonGenerator generator() {
        OutputStream plain = out;
        return JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build()
                .createGenerator(ObjectWriteContext.empty(), plain);
    }

    private void endLine() {
        out.write('\n');
        out.flush();
    }

    private void fields(JsonGenerator json, Schedule schedule) {
        json.writeStringProperty("policy", schedule.policy());
        json.writeArrayPropertyStart("segments");
        schedule.replay(new Trace() {
            @Override
            public void segment(Segment segment) {
                write(json, segment);
            }
        });
        json.writeEndArray();
        json.writeArrayPropertyStart("jobs");
        schedule.outcomes().forEach(outcome -> write(json, outcome));
        json.writeEndArray();
        write(json, schedule.averages());
        json.writeNumberProperty("cpuUtilisation", schedule.cpuUtilisation());
        time(json, "makespan", schedule.makespan());
        json.writeNumberProperty("switches", schedule.switches());
    }

    private void write(JsonGenerator json, Segment segment) {
        json.writeStartObject();
        json.writeStringProperty("job", segment.job().name());
        time(json, "start", segment.start());
        time(json, "end", segment.end());
        if (segment.rank() != null) {
            json.writeNumberProperty("level", segment.rank().level());
        }
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Outcome outcome) {
        json.writeStartObject();
        json.writeStringProperty("job", outcome.job().name());
        time(json, "arrival", outcome.job().arrival());
        time(json, "service", outcome.job().service());
        time(json, "start", outcome.start());
        time(json, "finish", outcome.finish());
        time(json, "response", outcome.response());
        time(json, "turnaround", outcome.turnaround());
        time(json, "wait", outcome.waiting());
        time(json, "blocked", outcome.blocked());
        json.writeNumberProperty("normalized", outcome.normalized());
        json.writeEndObject();
    }

    private void write(JsonGenerator json, Averages averages) {
        json.writeObjectPropertyStart("mean");
        json.writeNumberProperty("response", scale.mean(averages.response()));
        json.writeNumberProperty("turnaround", scale.mean(averages.turnaround()));
        json.writeNumberProperty("wait", scale.mean(averages.waiting()));
        json.writeNumberProperty("normalized", averages.normalized());
        json.writeEndObject();
    }

    private void time(JsonGenerator json, String name, long ticks) {
        if (scale.decimals() == 0) {
            json.writeNumberProperty(name, ticks);
        } else {
            json.writeNumberProperty(name, scale.time(ticks));
        }
    }
}
