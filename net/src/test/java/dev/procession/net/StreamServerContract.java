package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.LoggedWarnings;
import dev.procession.conformance.NothingLeft;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every strategy promises of bytes and of a connection's end. */
@ExtendWith(NothingLeft.class)
abstract class StreamServerContract {
    private static final String MIXED = "naïve café Ελλάδα привет 你好 🎉 straße ﬁ";

    /** What carries the connections. */
    abstract ServerStrategy strategy();

    /** Whether what a handler throws is logged by this JVM. */
    boolean reportsHere() {
        return true;
    }

    /** How many connections to make where it takes many; fewer where each one takes the start of a JVM. */
    int crowd(int usual) {
        return usual;
    }

    private StreamServer serve(Handler handler) {
        return builder(handler).start();
    }

    private StreamServer.Builder builder(Handler handler) {
        return StreamServer.builder()
                .name("contract")
                .strategy(strategy())
                .workers(1)
                .handler(handler);
    }

    @Test
    void c01EchoIsExactWhateverTheSize() throws Exception {
        Random random = new Random(1);
        try (StreamServer server = serve(Handlers::echo);
                Client client = new Client(server)) {
            for (int size : new int[] {1, 2, 511, 512, 513, 1024, 4096, 16_384, 65_535, 65_536}) {
                byte[] message = new byte[size];
                random.nextBytes(message);
                client.send(message);
                assertThat(client.receive(size)).isEqualTo(message);
            }
        }
    }

    @Test
    void c01aThousandLinesInOneWriteAreAnsweredInOrder() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            lines.append("line ").append(i).append(i % 2 == 0 ? "\n" : "\r\n");
        }
        try (StreamServer server = serve(Handlers::lines);
                Client client = new Client(server)) {
            client.send(lines.toString());
            for (int i = 0; i < 1000; i++) {
                assertThat(client.receiveLine()).isEqualTo("LINE " + i);
            }
        }
    }

    @Test
    void c02CharactersOverManyReadsAreNotBroken() throws Exception {
        try (StreamServer server = serve(Handlers::upperText)) {
            for (int shift = 0; shift < 4; shift++) {
                String text = "x".repeat(shift) + MIXED.repeat(60);
                try (Client client = new Client(server)) {
                    client.send(text);
                    client.sendEnd();
                    assertThat(new String(client.receiveAll(), StandardCharsets.UTF_8))
                            .isEqualTo(text.toUpperCase(Locale.ROOT));
                }
            }
        }
    }

    @Test
    void c03CharactersThatComeByteByByteAreNotBroken() throws Exception {
        try (StreamServer server = serve(Handlers::upperText);
                Client client = new Client(server)) {
            byte[] bytes = "é🎉ß".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length; i++) {
                client.send(Arrays.copyOfRange(bytes, i, i + 1));
                int sent = i + 1;
                Client.until(
                        "the server has read " + sent, () -> server.statistics().bytesIn() >= sent);
            }
            assertThat(client.receiveText("É🎉SS")).isEqualTo("É🎉SS");
        }
    }

    @Test
    void whatIsNoUtf8IsReplaced() throws Exception {
        try (StreamServer server = serve(Handlers::upperText);
                Client client = new Client(server)) {
            client.send(new byte[] {'a', (byte) 0xFF, 'b', (byte) 0xC3});
            client.sendEnd();
            assertThat(new String(client.receiveAll(), StandardCharsets.UTF_8)).startsWith("A\uFFFDB");
        }
    }

    @Test
    void c05AlongStreamIsExact() throws Exception {
        int total = 64 << 20;
        byte[] block = new byte[1 << 20];
        new Random(5).nextBytes(block);
        try (StreamServer server = serve(Handlers::echo);
                Client client = new Client(server)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int sent = 0; sent < total; sent += block.length) {
                        client.send(block);
                    }
                } catch (IOException e) {
                    client.close();
                }
            });
            for (int received = 0; received < total; received += block.length) {
                assertThat(Arrays.equals(client.receive(block.length), block)).isTrue();
            }
            sender.join();
        }
    }

    @Test
    void lengthPrefixedFramesOfAnySize() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size : new int[] {0, 1, 3, 70_000, 512, 1 << 20}) {
            all.write(ByteBuffer.allocate(4 + size).putInt(size).array());
        }
        try (StreamServer server = serve(Handlers::frames);
                Client client = new Client(server)) {
            Thread sender = client.sending(all.toByteArray());
            assertThat(client.receiveAll()).isEqualTo(all.toByteArray());
            sender.join();
        }
    }

    @Test
    void anAnnouncedLengthBeyondTheLimitEndsTheConnection() throws Exception {
        try (StreamServer server = serve(Handlers::frames);
                Client client = new Client(server)) {
            client.send(new byte[] {0x7F, 0, 0, 0, 1, 2, 3});
            client.assertEnded();
            Client.until("it is counted", () -> server.statistics().cutTooLong() == 1);
        }
    }

    @Test
    void aDelimiterMayBeSplitAndMayBeginTwice() throws Exception {
        try (StreamServer server = serve(Handlers::delimited);
                Client client = new Client(server)) {
            client.send("ab<");
            Client.until("the beginning is read", () -> server.statistics().bytesIn() == 3);
            client.send("><c<><><last");
            client.sendEnd();
            assertThat(new String(client.receiveAll(), StandardCharsets.UTF_8)).isEqualTo("ab|c|><last|");
        }
    }

    @Test
    void callByCallReadingTellsWhatIsIncomplete() throws Exception {
        try (StreamServer server = serve(Handlers::callByCall);
                Client client = new Client(server)) {
            client.send("until;123rest");
            client.sendEnd();
            assertThat(new String(client.receiveAll(), StandardCharsets.UTF_8))
                    .isEqualTo("until;123partial=4 expected=100");
        }
    }

    @Test
    void aLineThatIsTooLongEndsTheConnectionBehindTheAnswersBeforeIt() throws Exception {
        try (StreamServer server = serve(Handlers::shortLines);
                Client client = new Client(server)) {
            client.send("0123456789abcdef\n" + "x".repeat(100_000));
            assertThat(client.receiveLine()).isEqualTo("0123456789abcdef");
            client.assertEnded();
            Client.until("it is counted", () -> server.statistics().cutTooLong() == 1);
        }
    }

    @Test
    void c11HalfClosedClientGetsTheWholeReplyThenTheEnd() throws Exception {
        byte[] request = new byte[220_000];
        new Random(11).nextBytes(request);
        try (StreamServer server = serve(Handlers::echo);
                Client client = new Client(server)) {
            Thread sender = client.sending(request);
            assertThat(client.receiveAll()).isEqualTo(request);
            sender.join();
        }
    }

    @Test
    void aReplyIsNotLostToAResetThoughTheServerReadsNoFurther() throws Exception {
        try (StreamServer server = serve(Handlers::oneLine)) {
            for (int i = 0; i < crowd(20); i++) {
                try (Client client = new Client(server)) {
                    client.send("now\n" + "unread".repeat(10_000));
                    client.sendEnd();
                    assertThat(new String(client.receiveAll(), StandardCharsets.UTF_8))
                            .isEqualTo("bye now\n");
                }
            }
        }
    }

    @Test
    void c12ResetsInTheMiddleLeaveNothingAndAreNotReported() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.net");
                StreamServer server = serve(Handlers::echo)) {
            for (int i = 0; i < crowd(100); i++) {
                Client client = new Client(server);
                client.send(new byte[10_000]);
                client.receive(1);
                client.reset();
            }
            Client.until("all have gone", () -> server.statistics().active() == 0);
            try (Client client = new Client(server)) {
                client.send("x");
                assertThat(client.receive(1)).isEqualTo(new byte[] {'x'});
            }
            assertThat(log.heard()).isEmpty();
        }
    }

    @Test
    void c18WhatAHandlerThrowsEndsItsConnectionAloneAndIsReportedOnce() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.net");
                StreamServer server = serve(Handlers::lines);
                Client other = new Client(server);
                Client client = new Client(server)) {
            assertThat(other.ask("before")).isEqualTo("BEFORE");
            assertThat(client.ask("hello")).isEqualTo("HELLO");
            client.send("boom\n");
            client.assertEnded();
            client.close();

            assertThat(other.ask("after")).isEqualTo("AFTER");
            Client.until("it is counted", () -> server.statistics().failed() == 1);
            if (reportsHere()) {
                assertThat(log.heard())
                        .singleElement()
                        .satisfies(report ->
                                assertThat(report.message()).contains("server=contract", "client=127.0.0.1:"));
            }
        }
    }

    @Test
    void c16APortInUseIsNamed() {
        try (StreamServer server = serve(Handlers::echo)) {
            assertThatThrownBy(() -> builder(Handlers::echo).port(server.port()).start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("port=" + server.port());
        }
    }

    @Test
    void c20DrainLetsRequestsEndAndClosesWhoeverWaits() throws Exception {
        try (StreamServer server = serve(Handlers::lines);
                Client idle = new Client(server);
                Client busy = new Client(server);
                Client begun = new Client(server)) {
            assertThat(idle.ask("idle")).isEqualTo("IDLE");
            assertThat(busy.ask("busy")).isEqualTo("BUSY");
            assertThat(begun.ask("begun")).isEqualTo("BEGUN");
            busy.send("when draining\n");
            begun.send("ha");
            Client.until("the half line is read", () -> server.statistics().bytesIn() == 5 + 5 + 6 + 14 + 2);

            CompletableFuture<Boolean> drained = draining(server);
            assertThat(busy.receiveLine()).isEqualTo("drained");
            idle.assertEnded();
            Client.until("new clients are refused", () -> refuses(server));
            begun.send("lf\n");
            assertThat(begun.receiveLine()).isEqualTo("HALF");
            begun.assertEnded();
            busy.assertEnded();
            List.of(idle, busy, begun).forEach(Client::close);
            assertThat(drained.get()).isTrue();
        }
    }

    private static CompletableFuture<Boolean> draining(StreamServer server) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return server.drain(Client.PATIENCE);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                command -> Thread.ofPlatform().daemon().start(command));
    }

    private static boolean refuses(StreamServer server) {
        try {
            new Client(server).close();
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aDrainWhoseTimeIsOverCutsTheRestAndSaysSo() throws Exception {
        try (StreamServer server = serve(Handlers::lines);
                Client client = new Client(server)) {
            assertThat(client.ask("hello")).isEqualTo("HELLO");
            client.send("never\n");
            Client.until("it is at work", () -> server.statistics().bytesIn() == 12);

            assertThat(server.drain(Duration.ofMillis(50))).isFalse();
            client.assertGone();
            assertThat(server.connections()).isEmpty();
        }
    }

    @Test
    void aServerEndsAtOnceThoughClientsDoNot() throws Exception {
        List<Client> clients = new ArrayList<>();
        try (StreamServer server = serve(Handlers::lines)) {
            for (int i = 0; i < crowd(20); i++) {
                clients.add(new Client(server));
                assertThat(clients.getLast().ask("x")).isEqualTo("X");
            }
            server.closeNow();
            clients.forEach(Client::assertGone);
        } finally {
            clients.forEach(Client::close);
        }
    }

    @Test
    void aThreadThatIsNoneOfTheServersMayWrite() throws Exception {
        try (StreamServer server = serve(Handlers::fromAnotherThread);
                Client client = new Client(server)) {
            client.send("go\n");
            assertThat(client.receiveAll()).hasSize(32 << 20);
        }
    }

    @Test
    void c25ChurnLeavesNothing() throws Exception {
        try (StreamServer server = serve(Handlers::lines)) {
            for (int i = 0; i < crowd(500); i++) {
                Client client = new Client(server);
                assertThat(client.ask("churn")).isEqualTo("CHURN");
                if (i % 2 == 0) {
                    client.reset();
                } else {
                    client.close();
                }
            }
            Client.until("all have gone", () -> server.statistics().active() == 0);
            assertThat(server.statistics().accepted()).isEqualTo(crowd(500));
            assertThat(server.connections()).isEmpty();
        }
    }

    @Test
    void floodsDoNotKeepOutOthers() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Client> floods = new ArrayList<>();
        try (StreamServer server = serve(Handlers::echo)) {
            for (int i = 0; i < 4; i++) {
                Client flood = new Client(server);
                floods.add(flood);
                byte[] much = new byte[64 << 10];
                Thread.ofPlatform().daemon().start(() -> whileOpen(() -> flood.send(much), over));
                Thread.ofPlatform().daemon().start(() -> whileOpen(() -> flood.receive(much.length), over));
            }
            for (int i = 0; i < crowd(20); i++) {
                try (Client other = new Client(server)) {
                    other.send("others");
                    assertThat(other.receiveText("others")).isEqualTo("others");
                }
            }
            over.set(true);
            floods.forEach(Client::close);
        }
    }

    private interface Exchange {
        void run() throws IOException;
    }

    private static void whileOpen(Exchange exchange, AtomicBoolean over) {
        try {
            while (!over.get()) {
                exchange.run();
            }
        } catch (IOException | AssertionError closed) {
            over.set(true);
        }
    }

    @Test
    void connectionsAreListedWithWhatTheyAreAbout() throws Exception {
        try (StreamServer server = serve(Handlers::lines);
                Client client = new Client(server)) {
            assertThat(client.ask("hello")).isEqualTo("HELLO");
            Client.until(
                    "it waits for the next line",
                    () -> server.connections().getFirst().state() == ConnectionState.READING);
            assertThat(server.connections()).singleElement().satisfies(info -> {
                assertThat(info.remoteAddress()).startsWith("127.0.0.1:");
                assertThat(info.bytesIn()).isEqualTo(6);
                assertThat(info.bytesOut()).isEqualTo(6);
                assertThat(info.age()).isPositive();
            });
        }
    }
}
