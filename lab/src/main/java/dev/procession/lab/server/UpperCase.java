package dev.procession.lab.server;

import dev.procession.net.Connection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** The server's side of a conversation: tells who serves, then answers every line in upper case, as the course's does. */
final class UpperCase {
    /** In this process; a child process has one of its own. */
    private static final AtomicInteger COUNTED = new AtomicInteger();

    private static final String GREEN = "virtual-";

    private UpperCase() {}

    static boolean isGreen(String thread) {
        return thread.startsWith(GREEN);
    }

    static void serve(Connection client) {
        Thread thread = Thread.currentThread();
        client.writeLine(new Served(
                        ProcessHandle.current().pid(),
                        (thread.isVirtual() ? GREEN : "platform-") + thread.threadId(),
                        COUNTED.incrementAndGet())
                .greeting());
        client.lines().forEach(line -> client.writeLine(line.toUpperCase(Locale.ROOT)));
    }

    /** So that each run counts from the start. */
    static void forget() {
        COUNTED.set(0);
    }
}
