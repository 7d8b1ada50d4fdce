package dev.procession.green;

import dev.procession.green.engine.Dispatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where a loop rests when tasks of it wait for channels: the JDK's selector. */
final class LoopSelector implements Dispatcher.Poller {
    private final Selector selector;

    /** Found ready by the last wait. */
    private final List<SelectionKey> found = new ArrayList<>();

    LoopSelector() throws IOException {
        selector = Selector.open();
    }

    /** On the loop. */
    SelectionKey register(SelectableChannel channel, Readiness readiness) throws IOException {
        return channel.register(selector, 0, readiness);
    }

    @Override
    public void await(long nanos) {
        try {
            if (nanos == 0) {
                selector.selectNow(found::add);
            } else {
                selector.select(found::add, nanos == Long.MAX_VALUE ? 0 : millis(nanos));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rounded up: a timer that is not due yet would make the loop turn round and round. */
    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
    }

    @Override
    public void dispatch() {
        for (SelectionKey key : found) {
            ((Readiness) key.attachment()).fire(key);
        }
        found.clear();
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
