package dev.procession.lab.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procession.core.codec.Codec;
import dev.procession.lab.experiment.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that buyers share: what is refused before anything is touched, and that it is whole at every moment. */
class TicketFileTest {
    @TempDir
    private Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(each -> Objects.requireNonNull(each.getFileName()).toString())
                    .sorted()
                    .toList();
        }
    }

    private static void assertRefused(Path file, String why) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> TicketFile.open(file))
                .withMessageStartingWith(file + ": ")
                .withMessageContaining(why)
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1));
    }

    @Test
    void aGoodFileIsOpenedAndNotTouched() throws Exception {
        Path path = write("t.json", "{\"count\": 5}");

        assertThat(TicketFile.open(path).read().count()).isEqualTo(5);
        assertThat(names()).containsExactly("t.json");
        assertThat(path).hasContent("{\"count\": 5}");
    }

    @Test
    void aMissingFileAFolderAndADeviceAreRefused() {
        assertRefused(folder.resolve("none.json"), "no such file; make one like {\"count\": 5}");
        assertRefused(folder, "expected a file, found a folder");
        assertRefused(Path.of("/dev/null"), "expected a file, found a device");
    }

    @Test
    void aDanglingLinkIsAMissingFile() throws Exception {
        assertRefused(Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none")), "no such file");
    }

    @Test
    void aBadTextIsRefusedWithItsPlace() throws Exception {
        assertRefused(write("t.json", "{\n  \"count\": five\n}"), "line 2, column ");
        assertRefused(write("t.json", "{\"count\": -3}"), "count=-3");
        assertRefused(write("t.json", ""), "empty");
    }

    @Test
    void aFileThatIsFarTooLargeIsRefusedUnread() throws Exception {
        Path path = folder.resolve("large.json");
        try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(1L << 40); // sparse: takes no room
        }

        assertRefused(path, "cannot be read: it has 1099511627776 bytes");
    }

    @Test
    void aFileWhoseFolderTakesNoFileBesideItIsRefusedAndLeftAsItWas() throws Exception {
        // Also for root, whom no permission stops: the name beside it would be too long.
        Path path = write("x".repeat(250), "{\"count\": 5}");

        assertRefused(path, "cannot be replaced, since its folder takes no new file beside it");
        assertThat(path).hasContent("{\"count\": 5}");
        assertThat(names()).hasSize(1);
    }

    @Test
    void replacingKeepsThePermissionsAndLeavesNothingBeside() throws Exception {
        Path path = write("t.json", "{\"count\": 5}");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
        TicketFile file = TicketFile.open(path);

        file.replace(file.read().withCount(4));

        assertThat(path).hasContent("{\"count\": 4}");
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        assertThat(names()).containsExactly("t.json");
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path path = write("t.json", "{\"count\": 5}");
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        TicketFile file = TicketFile.open(link);

        file.replace(file.read().withCount(4));

        assertThat(link).isSymbolicLink().hasContent("{\"count\": 4}");
        assertThat(path).hasContent("{\"count\": 4}");
    }

    @Test
    void aReaderNeverSeesHalfAFile() throws Exception {
        TicketFile file =
                TicketFile.create(folder.resolve("t.json"), Tickets.of(1).text());
        FutureTask<@Nullable Void> writes = new FutureTask<>(() -> {
            for (int i = 0; i < 300; i++) {
                file.replace(file.read().withCount(i % 2 == 0 ? 1_000_000_000 : 1));
            }
            return null;
        });
        Thread.ofPlatform().start(writes);
        int reads = 0;
        while (!writes.isDone()) {
            assertThat(file.read().count()).isIn(1, 1_000_000_000);
            reads++;
        }
        writes.get();
        assertThat(reads).isPositive();
    }

    @Test
    void whatAKilledBuyerLeftBesideIsSweptAndNothingElse() throws Exception {
        TicketFile file =
                TicketFile.create(folder.resolve("t.json"), Tickets.of(1).text());
        write(".t.json.4711.tmp", "half");
        write(".t.json.4712.tmp", "of a live one");

        file.sweepAfter(List.of(4711L, 4713L));

        assertThat(names()).containsExactly(".t.json.4712.tmp", "t.json");
    }

    @Test
    void aFileTravelsToAnotherProcess() throws Exception {
        TicketFile file =
                TicketFile.create(folder.resolve("t.json"), Tickets.of(3).text());
        TicketFile there = (TicketFile) Codec.standard().decode(Codec.standard().encode(file));

        assertThat(Objects.requireNonNull(there).read().count()).isEqualTo(3);
    }
}
