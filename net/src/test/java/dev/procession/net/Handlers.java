package dev.procession.net;

import java.util.Locale;

/** What the servers of the contracts do: static, so that it travels to worker processes. */
final class Handlers {
    private static final byte[] DELIMITER = {'<', '>', '<'};
    private static final int MOST = 1 << 20;
    private static final int SHORT_LINE = 16;

    private Handlers() {}

    static void echo(Connection client) {
        client.chunks().forEach(client::write);
    }

    static void upperText(Connection client) {
        client.text().forEach(heard -> client.write(heard.toUpperCase(Locale.ROOT)));
    }

    static void lines(Connection client) {
        client.lines().forEach(line -> answer(client, line));
    }

    private static void answer(Connection client, String line) {
        switch (line) {
            case "boom" -> throw new IllegalStateException("boom, as asked");
            case "when draining" -> {
                while (!client.isDraining()) {
                    pause();
                }
                client.writeLine("drained");
            }
            case "never" -> {
                while (true) {
                    pause();
                }
            }
            default -> client.writeLine(line.toUpperCase(Locale.ROOT));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void shortLines(Connection client) {
        client.lines(SHORT_LINE).forEach(client::writeLine);
    }

    static void frames(Connection client) {
        client.lengthPrefixed(MOST).forEach(client::writeLengthPrefixed);
    }

    static void delimited(Connection client) {
        client.delimited(DELIMITER, MOST).forEach(frame -> {
            client.write(frame);
            client.write("|");
        });
    }

    /** Answers one line and goes, whatever else comes. */
    static void oneLine(Connection client) {
        client.writeLine("bye " + client.readLine());
    }

    static void callByCall(Connection client) {
        client.write(client.readUntil(new byte[] {';'}));
        client.write(client.readExactly(3));
        try {
            client.readExactly(100);
        } catch (java.io.UncheckedIOException e) {
            var incomplete = (IncompleteReadException) e.getCause();
            client.write("partial=" + incomplete.partial().length + " expected=" + incomplete.expected());
        }
    }

    /** More than the system takes without a reader, from a thread that is none of the server's. */
    static void fromAnotherThread(Connection client) throws InterruptedException {
        client.readLine();
        Thread writer = Thread.ofPlatform().start(() -> {
            client.write(new byte[32 << 20]);
            client.flush();
        });
        writer.join();
    }

    /** A layer that wants to be greeted. */
    static Transport greeted(Transport lower) throws java.io.IOException {
        var greeting = java.nio.ByteBuffer.allocate(1);
        while (greeting.hasRemaining()) {
            if (lower.read(greeting) < 0) {
                throw new java.io.EOFException("no greeting");
            }
        }
        return lower;
    }
}
