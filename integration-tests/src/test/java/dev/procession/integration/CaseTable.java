package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A table in a page of the documentation that names a test for each case of a list. */
final class CaseTable {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW =
            Pattern.compile("\\| ([A-Z]\\d{1,2}) \\| ([^|]+) \\| (?:`(\\w+)`|-) \\| (.*) \\|");

    /** One row: its case, what stands beside it, its test if it has one, and what is said of it. */
    record Row(String id, String about, String test, String note) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private CaseTable() {}

    static CaseTable of(String page) throws IOException {
        var table = new CaseTable();
        var matcher = ROW.matcher(Files.readString(REPOSITORY.resolve(page)));
        while (matcher.find()) {
            var row = new Row(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4));
            assertThat(table.rows.put(row.id(), row))
                    .as("a second row for " + row.id())
                    .isNull();
        }
        return table;
    }

    /** The rows are those of a list, which is a resource beside this class with an id at the start of each line. */
    void assertHasTheCasesOf(String list) throws IOException {
        assertThat(rows.keySet())
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(
                        lines(list).stream().map(line -> line.split(" ", 2)[0]).toList());
    }

    /** Each row's test is there and names the case, in the manner that the pattern describes; a row without test says why. */
    void assertTestsNameTheirCases(Function<Row, String> mention) throws IOException {
        var sources = testSources();
        for (Row row : rows.values()) {
            if (row.test() == null) {
                assertThat(row.note()).as("why " + row.id() + " has no test").contains("differs");
            } else {
                assertThat(sources).as("test of " + row.id()).containsKey(row.test());
                assertThat(sources.get(row.test())).as(row.test()).containsPattern(mention.apply(row));
            }
        }
    }

    Row row(String id) {
        return Objects.requireNonNull(rows.get(id), id);
    }

    static List<String> lines(String list) throws IOException {
        try (InputStream in = Objects.requireNonNull(CaseTable.class.getResourceAsStream(list))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** Each test class of the repository, and each suite of the module conformance, with its source. */
    static Map<String, String> testSources() throws IOException {
        var sources = new LinkedHashMap<String, String>();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            for (Path file : files.filter(CaseTable::isTestSource).toList()) {
                String name = file.getFileName().toString();
                sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
            }
        }
        return sources;
    }

    /** Cases that every pool must hold are in the suites of the module conformance. */
    private static boolean isTestSource(Path file) {
        String path = file.toString();
        return (path.endsWith("Test.java") && path.contains("/src/test/java/"))
                || (path.endsWith("Contract.java") && path.contains("/conformance/src/main/java/"));
    }
}
