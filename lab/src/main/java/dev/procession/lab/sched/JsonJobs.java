package dev.procession.lab.sched;

import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.sched.JobDraft.Field;
import dev.procession.sched.Job;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Jobs as JSON: {@code {"jobs":[{"name":"A","arrival":0,"bursts":[{"cpu":3},{"io":2},{"cpu":1}]}]}}, or the list alone.
 * Read token by token: a million jobs make no tree.
 */
final class JsonJobs {
    private static final String SHAPE = "{\"jobs\":[{\"name\":\"A\",\"arrival\":0,\"service\":3}]}";
    private static final String FIELDS = "name, arrival, service, ioEvery, bursts, priority, tickets or setup";

    private final String label;
    private final JobDraft draft;
    private final JsonParser parser;
    private final JobList jobs = new JobList();

    private JsonJobs(String label, byte[] text, JobDraft draft) {
        this.label = label;
        this.draft = draft;
        this.parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), text);
    }

    static List<Job> read(String label, byte[] text, JobDraft draft) {
        var reading = new JsonJobs(label, text, draft);
        try (JsonParser _ = reading.parser) {
            reading.document();
            return reading.jobs.jobs();
        } catch (JacksonException e) {
            throw new UsageException(label + ": line " + e.getLocation().getLineNr() + ": not JSON: "
                    + JobDraft.printable(firstLine(e.getOriginalMessage())) + "; expected " + SHAPE);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private void document() {
        switch (parser.nextToken()) {
            case START_ARRAY -> list();
            case START_OBJECT -> objectWithJobs();
            case null, default -> throw wrong("no list of jobs");
        }
        if (parser.nextToken() != null) {
            throw wrong("text after the end");
        }
    }

    private void objectWithJobs() {
        boolean found = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean isJobs = parser.currentName().equals("jobs");
            JsonToken value = parser.nextToken();
            if (!isJobs) {
                parser.skipChildren();
            } else if (value != JsonToken.START_ARRAY || found) {
                throw wrong(found ? "jobs stands there twice" : "jobs is no list");
            } else {
                list();
                found = true;
            }
        }
        if (!found) {
            throw wrong("jobs is missing");
        }
    }

    private void list() {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            draft.begin("job", jobs.size() + 1, parser.currentTokenLocation().getLineNr());
            job();
            jobs.add(draft);
        }
    }

    private void job() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw draft.wrong("found " + found() + "; expected an object like {\"name\":\"A\",\"service\":3}");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "name" -> draft.name(name());
                case "bursts" -> bursts();
                default -> number(field);
            }
        }
    }

    private void number(String name) {
        Field field = Field.of(name);
        if (field == null) {
            throw draft.wrong("unknown field " + JobDraft.printable(name) + "; expected " + FIELDS);
        }
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() == JsonParser.NumberType.INT) {
            draft.number(field, parser.getIntValue());
        } else {
            draft.number(field, decimal(name));
        }
    }

    private String name() {
        return switch (parser.currentToken()) {
            case VALUE_STRING, VALUE_NUMBER_INT -> parser.getString();
            default -> throw draft.wrong("name=" + found() + "; expected a name in quotes");
        };
    }

    private void bursts() {
        draft.beginBursts();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw draft.wrong("bursts=" + found() + "; expected a list like [{\"cpu\":3},{\"io\":2},{\"cpu\":1}]");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw draft.wrong("a burst " + found() + "; expected {\"cpu\":TIME} or {\"io\":TIME}");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String kind = parser.currentName();
                parser.nextToken();
                draft.burst(kind, decimal(kind));
            }
        }
    }

    private BigDecimal decimal(String field) {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            default -> throw draft.wrong(JobDraft.printable(field) + "=" + found() + "; expected a number");
        };
    }

    /** What stands where something else was expected. */
    private String found() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "{...}";
            case START_ARRAY -> "[...]";
            case VALUE_STRING -> '"' + JobDraft.printable(parser.getString()) + '"';
            default -> parser.getString();
        };
    }

    private UsageException wrong(String what) {
        return new UsageException(
                label + ": line " + parser.currentLocation().getLineNr() + ": " + what + "; expected " + SHAPE);
    }
}
