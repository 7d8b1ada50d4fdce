package dev.procession.shm.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
    @Test
    void a_file_in_memory_is_found_as_long_as_it_is_open() throws Exception {
        String label = "procession-test-" + UUID.randomUUID();
        SharedFile file = SharedFile.inMemory(label);
        file.extend(100);
        Path descriptor;
        try {
            List<Path> found = OpenFiles.labelled(label).values().stream()
                    .flatMap(List::stream)
                    .toList();
            assertThat(found).containsExactly(Path.of(file.path()));
            descriptor = found.getFirst();
            assertThat(OpenFiles.processOf(descriptor))
                    .isEqualTo(ProcessHandle.current().pid());
            try (SharedFile seen = SharedFile.openThrough(descriptor)) {
                assertThat(seen.sizeBytes()).isEqualTo(100);
                assertThatThrownBy(() -> seen.extend(200)).hasMessageContaining("ftruncate failed");
            }
        } finally {
            file.close();
        }
        assertThat(OpenFiles.labelled(label)).isEmpty();
        assertThatThrownBy(() -> SharedFile.openThrough(Path.of("/proc/self/fd/1000000")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_folder_is_refused(@TempDir Path folder) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        assertThatThrownBy(() -> SharedFile.openThrough(link))
                .isInstanceOf(SharedFile.RefusedException.class)
                .hasMessageContaining("not a file");
    }
}
