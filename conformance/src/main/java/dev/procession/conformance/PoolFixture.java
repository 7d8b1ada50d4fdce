package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.SerializableCallable;
import dev.procession.core.SerializableRunnable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the suites for executors and pools share. Their tasks may run in another JVM: they see nothing of the test but what
 * they capture, which is serializable, and they talk to it through results, {@link Signal}s and {@link Tally}s.
 */
@ExtendWith(NothingLeft.class)
abstract class PoolFixture {
    private final List<ExecutorService> opened = new ArrayList<>();

    @TempDir
    Path folder = Path.of(".");

    private int files;

    /**
     * Makes a signal that the tasks of this backend can use. By files, unless the backend has something better.
     *
     * @return a signal that is not set
     */
    protected Signal newSignal() {
        return new FileSignal(newFile());
    }

    /**
     * Makes a tally that the tasks of this backend can use. By files, unless the backend has something better.
     *
     * @return a tally at zero
     */
    protected Tally newTally() {
        return new FileTally(newFile());
    }

    private String newFile() {
        files++;
        return folder.resolve("file-" + files).toString();
    }

    /** Registers an executor to be ended after the test. */
    final <E extends ExecutorService> E opened(E executor) {
        opened.add(executor);
        return executor;
    }

    @AfterEach
    final void endAll() throws InterruptedException {
        opened.forEach(ExecutorService::shutdownNow);
        for (ExecutorService executor : opened) {
            assertThat(executor.awaitTermination(Background.PATIENCE.toMillis(), MILLISECONDS))
                    .as("terminated within " + Background.PATIENCE + ": " + executor)
                    .isTrue();
        }
    }

    /** A lambda that can travel, as a plain {@link Callable}. */
    static <T> Callable<T> call(SerializableCallable<T> call) {
        return call;
    }

    /** A lambda that can travel, as a plain {@link Runnable}. */
    static Runnable run(SerializableRunnable action) {
        return action;
    }

    static <T> T get(Future<T> future) throws Exception {
        return future.get(Background.PATIENCE.toMillis(), MILLISECONDS);
    }

    /** A signal to wait for in vain. */
    static Signal neverSet() {
        return new Signal() {
            private static final long serialVersionUID = 1;

            @Override
            public void set() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isSet() {
                return false;
            }
        };
    }

    private record FileSignal(String path) implements Signal {
        @Override
        public void set() {
            try {
                Files.createFile(Path.of(path));
            } catch (FileAlreadyExistsException _) {
                return; // set before
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean isSet() {
            return Files.exists(Path.of(path));
        }
    }

    private record FileTally(String path) implements Tally {
        @Override
        public void add() {
            try {
                Files.write(Path.of(path), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int count() {
            try {
                return Files.exists(Path.of(path)) ? (int) Files.size(Path.of(path)) : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
