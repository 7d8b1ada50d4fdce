package dev.procession.lab.family;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import dev.procession.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A task class with its own state: what Python does by a subclass of {@code Process} that overrides {@code run}.
 *
 * @param file the path of the file it appends its line to
 * @param line the line
 * @param nap how long it sleeps before
 */
record Writer(String file, String line, Duration nap) implements SerializableAction {
    @Override
    public void run() throws Exception {
        write(file, line, nap);
    }

    /** Sleeps, then appends the line by one write, which other appenders cannot come between. */
    static void write(String file, String line, Duration nap) throws IOException, InterruptedException {
        Diary.marks(Doing.TELLS_PARENT, Processes.parent().orElseThrow().pid());
        Diary.enters(Doing.SLEEPS);
        Thread.sleep(nap);
        Files.writeString(Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Diary.marks(Doing.WRITES, line);
        Diary.enters(Doing.ENDS);
    }
}
