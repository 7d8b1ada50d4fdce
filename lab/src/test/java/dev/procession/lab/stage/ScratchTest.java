package dev.procession.lab.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    @TempDir
    private Path temporary;

    private Path folder(String name, List<String> owner) throws IOException {
        Path outer = Files.createDirectories(temporary.resolve(name).resolve("run"));
        Files.writeString(outer.resolve("tickets.json"), "{}");
        Path parent = Objects.requireNonNull(outer.getParent());
        Files.write(parent.resolve("owner"), owner);
        return parent;
    }

    private static String namespace() throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    }

    private static String start() {
        return ProcessHandle.current().info().startInstant().orElseThrow().toString();
    }

    @Test
    void aFolderIsEmptyAtFirstAndGoneWithAllItHoldsInTheEnd() throws Exception {
        Path folder;
        try (Scratch scratch = Scratch.create()) {
            folder = scratch.folder();
            assertThat(folder).isEmptyDirectory();
            Files.writeString(Files.createDirectory(folder.resolve("deep")).resolve("file"), "x");
        }
        assertThat(folder).doesNotExist();
        assertThat(folder.getParent()).doesNotExist();
    }

    @Test
    void whatAKilledRunLeftIsSweptAndNothingElseIs() throws Exception {
        String own = String.valueOf(ProcessHandle.current().pid());
        Path dead = folder("procession-lab-1", List.of("999999999", start(), namespace()));
        Path pidReused = folder("procession-lab-2", List.of(own, "2001-01-01T00:00:00Z", namespace()));
        Path alive = folder("procession-lab-3", List.of(own, start(), namespace()));
        Path elsewhere = folder("procession-lab-4", List.of("999999999", start(), "pid:[1]"));
        Path unknown = folder("procession-lab-5", List.of("not ours"));
        Path other = folder("something-else", List.of("999999999", start(), namespace()));

        Path unfinished = Files.createDirectories(temporary.resolve("procession-lab-6"));
        Path unfinishedLongAgo = Files.createDirectories(temporary.resolve("procession-lab-7"));
        Files.setLastModifiedTime(unfinishedLongAgo, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

        Scratch.sweep(temporary, Files.getOwner(temporary));

        assertThat(List.of(dead, pidReused, unfinishedLongAgo)).noneMatch(Files::exists);
        assertThat(List.of(alive, elsewhere, unknown, other, unfinished)).allMatch(Files::exists);
    }

    @Test
    void anotherUsersFoldersAreLeftAlone() throws Exception {
        Path dead = folder("procession-lab-1", List.of("999999999", start(), namespace()));

        Scratch.sweep(temporary, () -> "somebody else");

        assertThat(dead).exists();
    }
}
