package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own tool shows tasks. It leaves this JVM a socket for good, so nothing is said here of what is left. */
class ThreadDumpTest {
    @TempDir
    Path folder;

    @Test
    void aThreadDumpShowsEveryTaskByItsName() throws Exception {
        Path dump = folder.resolve("threads.txt");
        EventLoop.run(() -> {
            Task<?> waiting =
                    EventLoop.current().createTask("waits-for-the-dump", EventLoop.callable(EventLoop::sleepForever));
            EventLoop.sleep(Duration.ZERO);
            assertThat((Object) EventLoop.toThread(() -> dumpThreads(dump))).isEqualTo(0);
            waiting.cancel();
        });
        assertThat(Files.readString(dump))
                .contains("\"waits-for-the-dump\" virtual")
                .contains("\"main\" virtual");
    }

    private static int dumpThreads(Path dump) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String self = Long.toString(ProcessHandle.current().pid());
        return new ProcessBuilder(jcmd, self, "Thread.dump_to_file", dump.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
