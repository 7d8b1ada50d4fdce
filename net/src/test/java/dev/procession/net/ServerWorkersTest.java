package dev.procession.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.LoggedWarnings;
import dev.procession.conformance.NothingLeft;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Worker processes that are killed, crash, hang or never begin to serve, and what becomes of the others' connections. */
@ExtendWith(NothingLeft.class)
class ServerWorkersTest {
    private static final Pattern RESTART = Pattern.compile("the next one starts in (\\d+) ms");

    private static final long POLL_NANOS = 2_000_000;

    @Test
    void w1KilledWorkerLosesItsOwnConnectionsAloneAndIsReplaced() throws Exception {
        try (StreamServer server = pidServer(ServerStrategy.PROCESS, 2).start()) {
            try (Peers peers = Peers.untilServedBy(2, server.port())) {
                long victim = peers.pids().getFirst();
                ProcessHandle.of(victim).orElseThrow().destroyForcibly();

                peers.of(victim).forEach(Peer::assertCutOff);
                peers.ofOthersThan(victim)
                        .forEach(peer -> assertThat(peer.askPid()).isEqualTo(peer.pid()));
                try (Peers after = Peers.untilServedBy(2, server.port())) {
                    assertThat(after.pids()).doesNotContain(victim);
                }
            }
        }
    }

    @Test
    void w2WhatWaitsToBeAcceptedIsNotLostWithAWorker() throws Exception {
        try (StreamServer server =
                        pidServer(ServerStrategy.PROCESS, 1).maxConnections(1).start();
                Peer served = new Peer(server.port())) {
            long victim = served.askPid();
            try (Peer waiting = new Peer(server.port())) {
                waiting.say("pid");
                ProcessHandle.of(victim).orElseThrow().destroyForcibly();

                served.assertCutOff();
                assertThat(Long.parseLong(waiting.hear())).isNotEqualTo(victim);
            }
        }
    }

    @Test
    void w3WorkersThatKeepDyingAreReplacedLaterEachTimeAndReported() throws Exception {
        try (LoggedWarnings log = LoggedWarnings.of("dev.procession.net");
                StreamServer server = pidServer(ServerStrategy.PROCESS, 1).start()) {
            for (int i = 0; i < 4; i++) {
                try (Peer peer = new Peer(server.port())) {
                    peer.askPid();
                    peer.say("crash");
                    peer.assertCutOff();
                }
            }
            try (Peer peer = new Peer(server.port())) {
                assertThat(peer.askPid()).isPositive();
            }

            List<String> deaths = log.heard().stream()
                    .map(LoggedWarnings.Warning::message)
                    .filter(message -> RESTART.matcher(message).find())
                    .toList();
            assertThat(deaths).hasSize(4).allMatch(message -> message.contains("exitCode=7"));
            assertThat(deaths.stream().map(ServerWorkersTest::waitMillis))
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertThat(deaths.getLast()).contains("deaths in a row, soon after the start: 4");
        }
    }

    private static long waitMillis(String message) {
        Matcher found = RESTART.matcher(message);
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    @Test
    void w4ServerWhoseWorkersEndBeforeTheyServeSaysHowTheyEnded() {
        assertThatThrownBy(() -> pidServer(ServerStrategy.PROCESS, 2)
                        .handler(new EndsWhereItArrives())
                        .start())
                .hasStackTraceContaining("ended before it served")
                .hasStackTraceContaining("exitCode=9");
    }

    /** Ends the process that reads it. */
    private static final class EndsWhereItArrives implements Handler {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public void handle(Connection connection) {}

        @Serial
        private void readObject(ObjectInputStream in) {
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void w5HandlerThatCannotTravelIsNamed() {
        Object immovable = new Object();
        assertThatThrownBy(() -> pidServer(ServerStrategy.PROCESS, 2)
                        .handler(connection -> connection.writeLine(immovable.toString()))
                        .start())
                .hasStackTraceContaining("java.lang.Object");
    }

    @Test
    void w6StoppedWorkerHoldsUpNeitherOthersNorTheEnd() throws Exception {
        try (StreamServer server = pidServer(ServerStrategy.PROCESS, 2).start();
                Peers peers = Peers.untilServedBy(2, server.port())) {
            long hung = peers.pids().getFirst();
            assertThat(Signals.send(hung, Signals.STOP)).isTrue();

            peers.ofOthersThan(hung).forEach(peer -> assertThat(peer.askPid()).isEqualTo(peer.pid()));
            assertThat(server.statistics().accepted()).isPositive();
            assertThat(server.drain(Duration.ofMillis(100))).isFalse();
            assertThat(ProcessHandle.of(hung)).isEmpty();
        }
    }

    @Test
    void w7EachConnectionFindsFreshDataInAProcessOfItsOwn() throws Exception {
        Set<Long> pids = new HashSet<>();
        try (StreamServer server = pidServer(ServerStrategy.PROCESS_PER_CONNECTION, 2)
                .maxConnections(4)
                .start()) {
            for (int i = 0; i < 3; i++) {
                try (Peer first = new Peer(server.port());
                        Peer second = new Peer(server.port())) {
                    for (Peer peer : List.of(first, second)) {
                        peer.say("count");
                        assertThat(peer.hear()).isEqualTo("1");
                        assertThat(pids.add(peer.askPid())).isTrue();
                    }
                }
            }
            assertThat(server.statistics().accepted()).isEqualTo(6);
        }
    }

    @Test
    void w8MoreClientsThanWaitingProcessesAreServedAtOnce() throws Exception {
        try (StreamServer server = pidServer(ServerStrategy.PROCESS_PER_CONNECTION, 1)
                        .maxConnections(3)
                        .start();
                Peers peers = new Peers()) {
            for (int i = 0; i < 3; i++) {
                assertThat(peers.add(server.port()).askPid()).isPositive();
            }
            assertThat(peers.pids()).hasSize(3);
            try (Peer fourth = new Peer(server.port())) {
                fourth.say("pid");
                long leaves = peers.pids().getFirst();
                peers.of(leaves).forEach(Peer::close);
                assertThat(Long.parseLong(fourth.hear())).isNotEqualTo(leaves);
            }
        }
    }

    @Test
    void w9LimitOfConnectionsHoldsOverAllWorkers() throws Exception {
        try (StreamServer server =
                        pidServer(ServerStrategy.PROCESS, 2).maxConnections(3).start();
                Peers peers = new Peers()) {
            for (int i = 0; i < 3; i++) {
                peers.add(server.port()).askPid();
            }
            try (Peer fourth = new Peer(server.port())) {
                fourth.say("pid");
                assertThat(server.statistics().active()).isEqualTo(3);
                assertThat(server.connections())
                        .extracting(ConnectionInfo::pid)
                        .containsExactlyInAnyOrderElementsOf(peers.pidOfEach());
                peers.of(peers.pids().getFirst()).getFirst().close();
                assertThat(Long.parseLong(fourth.hear())).isPositive();
            }
        }
    }

    @Test
    void w10DrainReachesTheWorkersAndLosesNoReply() throws Exception {
        try (StreamServer server = pidServer(ServerStrategy.PROCESS, 2).start();
                Peers peers = Peers.untilServedBy(2, server.port())) {
            peers.all().forEach(peer -> {
                peer.say("begin");
                assertThat(peer.hear()).isEqualTo("begun");
            });

            assertThat(server.drain(Duration.ofSeconds(60))).isTrue();

            peers.all().forEach(peer -> {
                assertThat(peer.hear()).isEqualTo("done");
                peer.assertCutOff();
            });
            assertThat(peers.pids()).allMatch(pid -> ProcessHandle.of(pid).isEmpty());
            assertThatThrownBy(() -> new Peer(server.port())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void w11WorkersEndWithTheServersProcess() throws Exception {
        ChildProcess process = ChildProcess.builder().stdout(Output.captured()).start(ServerWorkersTest::serveForEver);
        try {
            await(() -> process.stdout().endsWith("\n"));
            try (Peers peers =
                    Peers.untilServedBy(2, Integer.parseInt(process.stdout().strip()))) {
                process.kill();

                peers.all().forEach(Peer::assertCutOff);
                await(() -> peers.pids().stream()
                        .allMatch(pid -> ProcessHandle.of(pid).isEmpty()));
            }
        } finally {
            process.kill();
            process.join();
        }
    }

    private static void serveForEver() throws InterruptedException {
        try (StreamServer server = pidServer(ServerStrategy.PROCESS, 2).start()) {
            System.out.println(server.port());
            new CountDownLatch(1).await();
        }
    }

    private static void await(BooleanSupplier isSo) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos).as("patience is over").isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Answers {@code pid}, {@code count}; {@code begin} is under way until the server drains; {@code crash} ends the process. */
    private static StreamServer.Builder pidServer(ServerStrategy strategy, int workers) {
        return StreamServer.builder()
                .host("127.0.0.1")
                .port(0)
                .strategy(strategy)
                .workers(workers)
                .handler(ServerWorkersTest::serve);
    }

    private static int served;

    private static void serve(Connection connection) {
        int count = ++served;
        connection.lines().forEach(line -> {
            switch (line) {
                case "pid" ->
                    connection.writeLine(String.valueOf(ProcessHandle.current().pid()));
                case "count" -> connection.writeLine(String.valueOf(count));
                case "crash" -> Runtime.getRuntime().halt(7);
                case "begin" -> {
                    connection.writeLine("begun");
                    connection.flush();
                    while (!connection.isDraining()) {
                        LockSupport.parkNanos(POLL_NANOS);
                    }
                    connection.writeLine("done");
                }
                default -> throw new IllegalArgumentException(line);
            }
        });
    }
}
