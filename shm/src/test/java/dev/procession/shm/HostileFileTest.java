package dev.procession.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procession.core.Space;
import dev.procession.shm.engine.FileFields;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a space file holds, opening and using it ends: with a working space, or with an exception that names the file
 * and the field. It never ends the JVM, and never does not end.
 */
class HostileFileTest {
    private static final URI URI_OF_SHOP = URI.create("shm:shop");
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);

    @TempDir(factory = InSharedMemory.class)
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private final List<FileFields.Area> areas = FileFields.areas();
    private final Map<FileFields.Area, byte[]> sound = new HashMap<>();

    @SuppressWarnings("NullAway.Init")
    private Path file;

    private long sizeBytes;

    @BeforeEach
    void makeASoundFile() throws IOException {
        try (Space space = open()) {
            for (String name : List.of("a", "b", "c")) {
                space.lock(name).lock(); // and is left so
            }
        }
        file = NamedSpaces.in(place).folder().resolve("shop.space");
        sizeBytes = Files.size(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            for (FileFields.Area area : areas) {
                byte[] content = new byte[area.lengthBytes()];
                bytes.seek(area.offset());
                bytes.readFully(content);
                sound.put(area, content);
            }
        }
    }

    private Space open() {
        return Space.open(URI_OF_SHOP, Map.of("dir", place));
    }

    @Test
    void the_sound_file_is_fine() throws IOException {
        restore();
        use();
        assertThat(NamedSpaces.in(place).list().getFirst().primitives()).hasSize(4);
    }

    @Test
    void a_truncated_file_is_named_with_what_is_missing() throws IOException {
        for (long size : new long[] {0, 1, 8, 4095, 4096, 36863, 1 << 20, 16 << 20, (32 << 20) - 1}) {
            restore();
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.setLength(size);
            }
            assertThatIllegalStateException()
                    .isThrownBy(this::open)
                    .withMessageContaining("sizeBytes=" + size)
                    .withMessageContaining(file.toString());
            assertThat(NamedSpaces.in(place).list().getFirst().fault()).contains("truncated");
        }
        assertThat(NamedSpaces.in(place).remove("shop")).isTrue();
    }

    @Test
    void another_version_is_named_beside_ours() throws IOException {
        restore();
        patch(FileFields.VERSION_AT, 99, Integer.BYTES);
        assertThatIllegalStateException()
                .isThrownBy(this::open)
                .withMessageContaining("another version of Procession")
                .withMessageContaining("field=version, expected=" + FileFields.VERSION + ", found=63")
                .withMessageContaining(file.toString());
    }

    @Test
    void another_container_is_refused_with_that_reason() throws IOException {
        restore();
        patch(FileFields.PID_NAMESPACE_AT, 4711, Long.BYTES);
        assertThatIllegalStateException()
                .isThrownBy(this::open)
                .withMessageContaining("another container")
                .withMessageContaining("field=pid namespace");
    }

    @Test
    void a_space_of_another_boot_begins_anew() throws IOException {
        restore();
        patch(FileFields.BOOT_AT, 4711, Long.BYTES);
        try (Space space = open()) {
            assertThat(((SharedReentrantLock) space.lock("a")).ownerDied()).isFalse();
            assertThat(NamedSpaces.in(place).list().getFirst().primitives()).hasSize(1);
        }
    }

    @Test
    void random_bytes_in_every_field_do_no_harm() throws IOException {
        bombard(new Random(1), 2_000);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void random_bytes_in_every_field_do_no_harm_however_often() throws IOException {
        bombard(new Random(System.nanoTime()), 100_000);
    }

    private void bombard(Random random, int inputs) throws IOException {
        int opened = 0;
        for (int i = 0; i < inputs; i++) {
            restore();
            List<String> done = new ArrayList<>();
            for (int patches = 1 + random.nextInt(3); patches > 0; patches--) {
                done.add(patchAtRandom(random));
            }
            long begin = System.nanoTime();
            try {
                use();
                opened++;
            } catch (IllegalStateException | IllegalArgumentException refused) {
                assertThat(refused).as("%s", done).hasMessageContaining(file.toString());
                assertThat(refused.getMessage()).as("%s", done).containsPattern("field=|truncated");
            } catch (RuntimeException | Error unexpected) {
                throw new AssertionError("input " + i + ": " + done, unexpected);
            }
            assertThat(System.nanoTime() - begin).as("%s", done).isLessThan(MOST_NANOS);
        }
        assertThat(opened).as("inputs that were harmless").isBetween(inputs / 100, inputs * 99 / 100);
    }

    /** Opens and lists; what is opened is used as well, where anything may be refused but nothing may hang. */
    private void use() {
        var _ = NamedSpaces.in(place).list();
        try (Space space = open()) {
            for (String name : List.of("a", "b", "c", "d")) {
                try {
                    if (space.lock(name).tryLock(1, TimeUnit.MILLISECONDS)) {
                        space.lock(name).unlock();
                    }
                } catch (IllegalStateException | IllegalArgumentException | IllegalMonitorStateException said) {
                    assertThat(said.getMessage()).isNotEmpty();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
        }
    }

    private String patchAtRandom(Random random) throws IOException {
        FileFields.Area area = areas.get(random.nextInt(areas.size()));
        int width = 1 << random.nextInt(4);
        long offset = area.offset() + (long) random.nextInt(area.interestingBytes() / width) * width;
        long value = switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> -1;
            case 2 -> 0;
            case 3 -> 1L << random.nextInt(64);
            default -> random.nextInt(1 << 12);
        };
        patch(offset, value, width);
        return area.name() + "+" + (offset - area.offset()) + ":" + width + "=" + Long.toHexString(value);
    }

    private void patch(long offset, long value, int width) throws IOException {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(value)
                .array();
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.seek(offset);
            target.write(bytes, 0, width);
        }
    }

    private void restore() {
        try (RandomAccessFile target = new RandomAccessFile(file.toFile(), "rw")) {
            target.setLength(sizeBytes);
            for (FileFields.Area area : areas) {
                target.seek(area.offset());
                target.write(sound.get(area));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
