package dev.procession.lab.cli;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.picture.Paper;
import java.io.PrintStream;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bench whose progress is a bar on standard error, where that is a terminal, and nothing elsewhere. */
final class TerminalBench implements Bench {
    private static final int REDRAW_MILLIS = 100;
    private static final int MOST_BAR_COLUMNS = 72;

    private final Path folder;
    private final PrintStream err;
    private final Terminal terminal;

    TerminalBench(Path folder, PrintStream err, Terminal terminal) {
        this.folder = folder;
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Progress progress(String what, int steps) {
        return terminal.errIsTerminal() ? new Bar(what, steps, err, terminal) : new Silence();
    }

    private static final class Silence implements Progress {
        @Override
        public void step() {}

        @Override
        public void close() {}
    }

    private static final class Bar implements Progress {
        private final ProgressBar bar;
        private final OneLine line;

        Bar(String what, int steps, PrintStream err, Terminal terminal) {
            boolean unicode = terminal.paper().script() == Paper.Script.UNICODE;
            line = new OneLine(err, Math.min(MOST_BAR_COLUMNS, terminal.paper().columns() - 1));
            bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(steps)
                    .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(REDRAW_MILLIS)
                    .setConsumer(line)
                    .build();
        }

        @Override
        public void step() {
            bar.step();
        }

        @Override
        public void close() {
            bar.close();
            line.close(); // the library's thread may not have come to that yet
        }
    }

    /**
     * Draws over one line and wipes it at the end. The library's own consumer leaves it standing. The library draws from a
     * thread of its own, which may come once more after the end: then it draws nothing.
     */
    private static final class OneLine implements ProgressBarConsumer {
        private final PrintStream err;
        private final int columns;

        // Guarded by this.
        private boolean wiped;

        OneLine(PrintStream err, int columns) {
            this.err = err;
            this.columns = columns;
        }

        @Override
        public int getMaxRenderedLength() {
            return columns;
        }

        @Override
        public synchronized void accept(String bar) {
            if (!wiped) {
                err.print("\r\u001b[K" + bar);
                err.flush();
            }
        }

        @Override
        public synchronized void close() {
            if (!wiped) {
                wiped = true;
                err.print("\r\u001b[K");
                err.flush();
            }
        }
    }
}
