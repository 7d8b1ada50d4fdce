package dev.procession.lab.ticket;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * What a ticket file says: a JSON object whose {@code count} is how many tickets are left.
 *
 * <p>All else in the text is kept to the byte when the count changes: other fields, their order, spaces, the way numbers
 * are written. So not the object is kept but its text, and where in it the number stands.
 */
final class Tickets {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String COUNT = "count";

    private final byte[] text;
    private final int countFrom;
    private final int countUntil;
    private final int count;

    private Tickets(byte[] text, int countFrom, int countUntil, int count) {
        this.text = text;
        this.countFrom = countFrom;
        this.countUntil = countUntil;
        this.count = count;
    }

    /** Why a text is no ticket file; the message goes on after the file's name. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /** The text of a new ticket file. */
    static Tickets of(int count) {
        try {
            return parse(("{\"count\": " + count + "}\n").getBytes(StandardCharsets.UTF_8));
        } catch (MalformedException e) {
            throw new IllegalArgumentException("count=" + count, e);
        }
    }

    /**
     * Reads a text.
     *
     * @throws MalformedException if it is not UTF-8 JSON, not an object, or has no right count
     */
    static Tickets parse(byte[] text) throws MalformedException {
        for (byte each : text) {
            if (each == 0) {
                throw new MalformedException("not JSON in UTF-8: it holds a zero byte");
            }
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            return parse(parser, text);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw new MalformedException(
                    (at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ") + "not JSON: "
                            + oneLine(e.getOriginalMessage()));
        }
    }

    private static Tickets parse(JsonParser parser, byte[] text) throws MalformedException {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw new MalformedException(
                    first == null ? "empty; expected {\"count\": 5}" : "expected an object like {\"count\": 5}");
        }
        Tickets found = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean isCount = COUNT.equals(parser.currentName());
            parser.nextToken();
            if (isCount) {
                found = readCount(parser, text);
            }
            parser.skipChildren();
        }
        if (parser.nextToken() != null) {
            throw new MalformedException(
                    "line " + parser.currentTokenLocation().getLineNr() + ": more text after the object");
        }
        if (found == null) {
            throw new MalformedException("no field \"count\"; expected a whole number of tickets, 0 or more");
        }
        return found;
    }

    private static Tickets readCount(JsonParser parser, byte[] text) throws MalformedException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        String written = switch (parser.currentToken()) {
            case START_ARRAY -> "[...]";
            case START_OBJECT -> "{...}";
            default -> parser.getString();
        };
        try {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && Integer.parseInt(written) >= 0) {
                return new Tickets(text, from, from + written.length(), Integer.parseInt(written));
            }
        } catch (NumberFormatException e) {
            // Beyond an int: refused like any other wrong count.
        }
        throw new MalformedException("line " + parser.currentTokenLocation().getLineNr() + ": count=" + written
                + "; expected a whole number of tickets from 0 to " + Integer.MAX_VALUE);
    }

    /** How many tickets are left. */
    int count() {
        return count;
    }

    /** The text, a copy. */
    byte[] text() {
        return text.clone();
    }

    /** The same text with another count. */
    byte[] withCount(int newCount) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream(text.length + 10);
        changed.write(text, 0, countFrom);
        changed.writeBytes(Integer.toString(newCount).getBytes(StandardCharsets.US_ASCII));
        changed.write(text, countUntil, text.length - countUntil);
        return changed.toByteArray();
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
