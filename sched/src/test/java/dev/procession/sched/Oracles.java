package dev.procession.sched;

import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answers of the books and of OSTEP's simulators, as data: {@code scheduler-}, {@code mlfq-}, {@code lottery-} and
 * {@code process-} files hold what OSTEP's programs of those names printed, {@code textbook.json} what books print.
 */
final class Oracles {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Oracles() {}

    static Stream<JsonNode> named(String prefix) {
        try (Stream<Path> files = Files.list(folder())) {
            List<JsonNode> oracles = files.filter(
                            file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .map(file -> read(file.toFile()))
                    .toList();
            if (oracles.isEmpty()) {
                throw new AssertionError("no oracle file begins with " + prefix);
            }
            return oracles.stream();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode read(File file) {
        return MAPPER.readTree(file);
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(Oracles.class.getResource("textbook.json").toURI()).getParent();
    }

    static List<JsonNode> each(JsonNode list) {
        return new ArrayList<>(list.values());
    }

    static String name(JsonNode job) {
        return "job " + job.path("job").asInt();
    }

    static long[] longs(JsonNode list) {
        return each(list).stream().mapToLong(JsonNode::asLong).toArray();
    }

    /** The way Python prints {@code %.2f} and rounds to two places: half to even of the binary value. */
    static String twoPlaces(double value) {
        return new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
    }
}
