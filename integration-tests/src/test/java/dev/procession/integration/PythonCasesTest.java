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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in docs/python.md names a test for each of CPython's cases, and that test names the case. */
class PythonCasesTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW =
            Pattern.compile("\\| ([A-Z]\\d\\d) \\| ([a-z-]+) \\| (?:`(\\w+)`|-) \\| (.*) \\|");

    private record Entry(String area, String test, String note) {}

    @Test
    void everyCaseIsInTheTable() throws IOException {
        Map<String, Entry> table = table();

        assertThat(cases()).isNotEmpty().allSatisfy(line -> {
            String[] idAndArea = line.split(" ", -1);
            assertThat(table).as("case " + line).containsKey(idAndArea[0]);
            assertThat(table.get(idAndArea[0]).area()).isEqualTo(idAndArea[1]);
        });
        assertThat(table).hasSameSizeAs(cases());
    }

    @Test
    void everyTestOfTheTableNamesItsCase() throws IOException {
        var sources = testSources();
        table().forEach((id, entry) -> {
            if (entry.test() == null) {
                assertThat(entry.note()).as("why " + id + " has no test").contains("differs");
            } else {
                assertThat(sources).as("test of " + id).containsKey(entry.test());
                assertThat(sources.get(entry.test())).as(entry.test()).containsPattern("\\b" + id + "\\b");
            }
        });
    }

    private static Map<String, Entry> table() throws IOException {
        var table = new LinkedHashMap<String, Entry>();
        var rows = ROW.matcher(Files.readString(REPOSITORY.resolve("docs/python.md")));
        while (rows.find()) {
            Entry before = table.put(rows.group(1), new Entry(rows.group(2), rows.group(3), rows.group(4)));
            assertThat(before).as("a second row for " + rows.group(1)).isNull();
        }
        return table;
    }

    private static List<String> cases() throws IOException {
        try (InputStream list = Objects.requireNonNull(PythonCasesTest.class.getResourceAsStream("python-cases.txt"))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static Map<String, String> testSources() throws IOException {
        var sources = new LinkedHashMap<String, String>();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            for (Path file : files.filter(PythonCasesTest::isTestSource).toList()) {
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
