package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a newcomer to do works as it stands there. */
class ReadmeTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    @Test
    void itsFirstProgramPrintsALineForEachBuyer(@TempDir Path folder) throws Exception {
        List<String> lines = run(program(0), "Tickets", folder);

        assertThat(lines).hasSize(3).allMatch(line -> line.matches("buyer [123], pid \\d+"));
        assertThat(lines).doesNotHaveDuplicates();
    }

    @Test
    void itsPoolPrintsTheSquares(@TempDir Path folder) throws Exception {
        assertThat(run(program(1), "Squares", folder)).containsExactly("[1, 4, 9]");
    }

    private static String program(int number) throws IOException {
        return PROGRAM.matcher(Files.readString(REPOSITORY.resolve("README.md")))
                .results()
                .skip(number)
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    private static List<String> run(String program, String name, Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve(name + ".java"), program);

        Process javac = start(folder, jdk("javac"), "-d", folder.toString(), "-cp", classPath(), source.toString());
        String compilation = output(javac);
        assertThat(javac.exitValue()).as(compilation).isZero();
        Process java = start(
                folder,
                jdk("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder + File.pathSeparator + classPath(),
                name);

        String lines = output(java);
        assertThat(java.exitValue()).as(lines).isZero();
        return lines.lines().toList();
    }

    @Test
    void everyLinkOfTheDocsLeadsSomewhere() throws Exception {
        for (Path page : pages()) {
            var links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                assertThat(page.resolveSibling(links.group(1)))
                        .as("a link in " + REPOSITORY.relativize(page))
                        .exists();
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(REPOSITORY);
                Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Process start(Path folder, String... command) throws Exception {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static String output(Process process) throws Exception {
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String jdk(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
