package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The pages of docs/contracts say which test shows what: it is there, under that name. A name stands between backticks, such as
 * {@code PoolStateTest.poolsNest}; where it ends with an ellipsis, some method begins so. A method without class is one of
 * the class named before it in the line.
 */
class NamedTestsTest {
    private static final Path PAGES = Path.of("../docs/contracts");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST =
            Pattern.compile("(?:[a-z]\\w*\\.)*([A-Z]\\w*(?:Test|Contract))(?:[.#](\\w+)(…)?)?");
    private static final Pattern BEGINNING = Pattern.compile("(\\w+)…");

    static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyTestThatAPageNamesIsThere(Path page) throws IOException {
        List<String> lines = Files.readAllLines(page);
        List<String> faults = faultsOf(lines, CaseTable.testSources());
        assertThat(faults).as(page.toString()).isEmpty();
        assertThat(String.join("\n", lines)).containsPattern("`[^`]*(?:Test|Contract)[.`#]");
    }

    private static List<String> faultsOf(List<String> lines, Map<String, String> sources) {
        List<String> faults = new ArrayList<>();
        for (String line : lines) {
            String inClass = String.join("\n", sources.values()); // until the line names one
            Matcher quoted = QUOTED.matcher(line);
            while (quoted.find()) {
                Matcher test = TEST.matcher(quoted.group(1));
                Matcher beginning = BEGINNING.matcher(quoted.group(1));
                if (test.matches()) {
                    inClass = sources.getOrDefault(test.group(1), "");
                    String method = test.group(2) == null ? "" : test.group(2) + (test.group(3) == null ? "" : "\\w*");
                    if (inClass.isEmpty() || !hasMethod(inClass, method)) {
                        faults.add(quoted.group(1));
                    }
                } else if (beginning.matches() && !hasMethod(inClass, beginning.group(1) + "\\w*")) {
                    faults.add(quoted.group(1));
                }
            }
        }
        return faults;
    }

    private static boolean hasMethod(String source, String name) {
        return name.isEmpty()
                || Pattern.compile("\\b" + name + "\\(").matcher(source).find();
    }

    @Test
    void whatIsNotThereIsNoticed() {
        Map<String, String> sources = Map.of("PotTest", "class PotTest { void boilsOver() {} }");
        assertThat(faultsOf(
                        List.of("| `PotTest`, `pot.PotTest.boils…`, `boilsOver…` | `PotTest.boilsOver` |"), sources))
                .isEmpty();
        assertThat(faultsOf(List.of("| `PanTest`, `PotTest.boils` | `PotTest.freezes…`, `burns…` |"), sources))
                .containsExactly("PanTest", "PotTest.boils", "PotTest.freezes…", "burns…");
    }
}
