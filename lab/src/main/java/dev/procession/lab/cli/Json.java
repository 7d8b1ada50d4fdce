package dev.procession.lab.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One object on one line, in UTF-8 whatever the locale is. */
final class Json {
    private Json() {}

    static void print(PrintStream out, Map<String, ?> object) {
        byte[] line = (new JsonMapper().writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(line, 0, line.length);
        out.flush();
    }
}
