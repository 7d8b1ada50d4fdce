package dev.procession.process.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.shm.os.Host;
import dev.procession.shm.os.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of folders. */
class SocketFolderTest {
    @Test
    void sweepsOnlyWhatDeadProcessesOfThisNamespaceLeft(@TempDir Path base) throws Exception {
        long namespace = Host.current().pidNamespace();
        ProcessIdentity self = ProcessIdentity.current();
        Path dead = makeFolder(base, "procession-" + namespace + "-4194303-1-0badcafe");
        Path reusedPid =
                makeFolder(base, "procession-%d-%d-%d-0badcafe".formatted(namespace, self.pid(), self.startTime() - 1));
        Path alive =
                makeFolder(base, "procession-%d-%d-%d-0badcafe".formatted(namespace, self.pid(), self.startTime()));
        Path foreign = makeFolder(base, "procession-" + (namespace + 1) + "-4194303-1-0badcafe");
        Path stranger = makeFolder(base, "procession-backup");
        Path strange = makeFolder(base, "procession-" + namespace + "-99999999999-1-0badcafe");

        SocketFolder.sweep(base);

        assertThat(dead).doesNotExist();
        assertThat(reusedPid).doesNotExist();
        assertThat(alive).exists();
        assertThat(foreign).exists();
        assertThat(stranger).exists();
        assertThat(strange).exists();
    }

    private static Path makeFolder(Path base, String name) throws IOException {
        Path folder = Files.createDirectory(base.resolve(name));
        Files.createFile(folder.resolve("s"));
        return folder;
    }
}
