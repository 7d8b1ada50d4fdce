package dev.procession.conformance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hears what a logger says, from the making of this on until it is closed. Any thread may log and ask. */
public final class LoggedWarnings implements AutoCloseable {
    private final List<Warning> heard = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            heard.add(new Warning(logged.getMessage(), logged.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private LoggedWarnings(Logger logger) {
        this.logger = logger;
        logger.addHandler(handler);
    }

    /**
     * Begins to hear.
     *
     * @param logger the logger's name
     * @return what hears
     */
    public static LoggedWarnings of(String logger) {
        return new LoggedWarnings(Logger.getLogger(logger));
    }

    /**
     * Gives what was said.
     *
     * @return everything until now, the oldest first
     */
    public List<Warning> heard() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }

    /**
     * One thing that was logged.
     *
     * @param message the text
     * @param thrown what was logged with it
     */
    public record Warning(String message, @Nullable Throwable thrown) {}
}
