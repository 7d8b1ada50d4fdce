package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.FencedLock;
import dev.procession.core.Space;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpacesCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new Commands(print(out), print(err), Terminal.detect(Map.of()), List.of()).execute(arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String dir() {
        return "--dir=" + place;
    }

    @Test
    void lists_what_there_is_and_who_uses_it() {
        assertThat(run("spaces", dir())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("no spaces in " + place);
        try (Space space = Space.open(URI.create("shm:shop"), Map.of("dir", place))) {
            FencedLock _ = space.lock("stock");
            long pid = ProcessHandle.current().pid();
            assertThat(run("spaces", dir())).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("shop")
                    .contains("pid " + pid)
                    .contains("1 SharedReentrantLock");
            assertThat(run("spaces", "--json", dir())).isZero();
            String line = out.toString(StandardCharsets.UTF_8);
            assertThat(line.strip()).doesNotContain("\n");
            JsonNode shop = new JsonMapper().readTree(line).get("spaces").get(0);
            assertThat(shop.get("name").asString()).isEqualTo("shop");
            assertThat(shop.get("alive").get(0).asLong()).isEqualTo(pid);
            assertThat(shop.get("dead").size()).isZero();
            assertThat(shop.get("named").get(0).get("name").asString()).isEqualTo("stock");
        }
    }

    @Test
    void removes_what_nobody_uses_and_refuses_the_rest() throws Exception {
        try (Space _ = Space.open(URI.create("shm:shop"), Map.of("dir", place))) {
            assertThat(run("spaces", "rm", "shop", dir())).isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .startsWith("procession: the space is in use: name=shop, members pid="
                            + ProcessHandle.current().pid())
                    .hasLineCount(1);
        }
        assertThat(run("spaces", "rm", "shpo", dir())).isEqualTo(64);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Did you mean shop?")
                .hasLineCount(1);
        assertThat(run("spaces", "rm", "a/b", dir())).isEqualTo(64);
        assertThat(run("spaces", "rm", "shm:shop", dir())).isZero();
        try (var files = Files.list(place)) {
            assertThat(files.flatMap(SpacesCommandTest::content)).isEmpty();
        }
    }

    private static java.util.stream.Stream<Path> content(Path folder) {
        return List.of(folder.toFile().listFiles()).stream().map(java.io.File::toPath);
    }
}
