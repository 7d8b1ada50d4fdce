package dev.procession.bench;

import dev.procession.green.EventLoop;
import dev.procession.green.GreenQueue;
import dev.procession.green.Task;
import dev.procession.green.TaskAction;
import dev.procession.green.TaskGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** The event loop: what a turn, a task, a queue and a socket cost, beside Python's loops and the JDK's own virtual threads. */
final class LoopRows {
    private static final String OURS = "EventLoop";
    private static final String ASYNCIO = "asyncio";
    private static final String UVLOOP = "uvloop";
    private static final String GEVENT = "gevent";
    private static final String VIRTUAL = "virtual threads";
    private static final String FILE = "coroutines.py";
    private static final int SWITCHES = 100_000;
    private static final int TASKS = 100_000;
    private static final int ITEMS = 50_000;
    private static final int ECHOES = 2_000;
    private static final Duration NAP = Duration.ofSeconds(1);
    private static final byte[] MESSAGE = "16 bytes to echo".getBytes(StandardCharsets.UTF_8);

    private LoopRows() {}

    static List<Row> all() {
        return List.of(
                new Row(
                        "loop-sleep0",
                        "two tasks that let each other run by sleep(0), each turn",
                        "ns",
                        Better.LOWER,
                        ours(effort -> Crew.play(effort, gate -> sleepZero(gate.await()))),
                        peers("sleep0"),
                        List.of(new Target.Against(UVLOOP, 5))),
                new Row(
                        "loop-spawn",
                        "start 100k tasks that do nothing, and await them",
                        "ms",
                        Better.LOWER,
                        ours(effort -> Crew.play(effort, gate -> spawn(gate.await()))),
                        withVirtual(peers("spawn"), effort -> Crew.play(effort, gate -> spawnVirtual(gate.await()))),
                        List.of(new Target.Against(UVLOOP, 10), new Target.Against(VIRTUAL, 1))),
                new Row(
                        "loop-sleepers",
                        "100k tasks that sleep 1 s, from the first start to the last end",
                        "s",
                        Better.LOWER,
                        ours(effort -> Crew.play(effort, gate -> warmThenTimed(gate.await(), LoopRows::sleepers))),
                        withVirtual(
                                peers("sleepers"),
                                effort -> Crew.play(
                                        effort, gate -> warmThenTimed(gate.await(), LoopRows::virtualSleepers))),
                        List.of(new Target.Absolute(1.4))),
                new Row(
                        "loop-sleepers-memory",
                        "peak resident memory of a process with 100k tasks that sleep",
                        "MiB",
                        Better.LOWER,
                        ours(effort -> Crew.play(effort, gate -> peakMib(gate, LoopRows::sleepers))),
                        withVirtual(
                                peers("sleepers-mib"),
                                effort -> Crew.play(effort, gate -> peakMib(gate, LoopRows::virtualSleepers))),
                        List.of(new Target.Against(VIRTUAL, 1))),
                new Row(
                        "loop-queue-1",
                        "one task puts, one takes: a queue with room for one",
                        "ns",
                        Better.LOWER,
                        ours(effort -> Crew.play(effort, gate -> queue(gate.await(), 1))),
                        List.of(python(ASYNCIO, "queue-1"), uvloop("queue-1")),
                        List.of(new Target.Against(ASYNCIO, 8))),
                new Row(
                        "loop-queue-100",
                        "one task puts, one takes: a queue with room for 100",
                        "ns",
                        Better.LOWER,
                        ours(effort -> Crew.play(effort, gate -> queue(gate.await(), 100))),
                        List.of(python(ASYNCIO, "queue-100"), uvloop("queue-100")),
                        List.of(new Target.Against(ASYNCIO, 20))),
                new Row(
                        "loop-echo",
                        "round trip of 16 bytes over loopback, both ends on one loop (peers: streams)",
                        "us",
                        Better.LOWER,
                        ours(effort ->
                                Crew.play(effort, gate -> onLoop(() -> echo(gate.await(), LoopRows::startTask)))),
                        withVirtual(
                                List.of(
                                        gevent("echo"),
                                        python(ASYNCIO, "echo"),
                                        uvloop("echo"),
                                        Script.pythonWith(UVLOOP, "uvloop, protocols", FILE, "uvloop-echo-protocols")),
                                effort -> Crew.play(
                                        effort, gate -> onVirtual(() -> echo(gate.await(), LoopRows::startVirtual)))),
                        List.of(new Target.Against(UVLOOP, 1))));
    }

    private static Contender ours(Contender.Work work) {
        return Contender.of(OURS, work);
    }

    private static List<Contender> peers(String work) {
        return List.of(gevent(work), python(ASYNCIO, work), uvloop(work));
    }

    private static List<Contender> withVirtual(List<Contender> peers, Contender.Work work) {
        List<Contender> all = new ArrayList<>(peers);
        all.add(Contender.of(VIRTUAL, work));
        return all;
    }

    private static Contender gevent(String work) {
        return Script.pythonWith(GEVENT, GEVENT, FILE, "gevent-" + work);
    }

    private static Contender python(String name, String work) {
        return Script.python(name, FILE, work);
    }

    private static Contender uvloop(String work) {
        return Script.pythonWith(UVLOOP, UVLOOP, FILE, "uvloop-" + work);
    }

    private static double onLoop(Callable<Double> main) throws Exception {
        return EventLoop.run(main);
    }

    /** Runs a loop that does not mind long turns: to start very many tasks at once is the work here. */
    private static void onPatientLoop(TaskAction main) throws Exception {
        try (EventLoop loop = EventLoop.builder().slowTurn(Duration.ofDays(1)).build()) {
            loop.runToTheEnd(() -> {
                main.run();
                return null;
            });
        }
    }

    private static double onVirtual(Callable<Double> main) throws Exception {
        FutureTask<Double> task = new FutureTask<>(main);
        Thread.startVirtualThread(task);
        return task.get();
    }

    private static double sleepZero(Window window) throws Exception {
        return 1e9
                / window.perSecond(() -> {
                    EventLoop.run(() -> {
                        try (TaskGroup group = TaskGroup.open()) {
                            for (int i = 0; i < 2; i++) {
                                Task<?> _ = group.start(() -> {
                                    for (int turn = 0; turn < SWITCHES / 2; turn++) {
                                        EventLoop.sleep(Duration.ZERO);
                                    }
                                });
                            }
                        }
                    });
                    return SWITCHES;
                });
    }

    private static double spawn(Window window) throws Exception {
        return window.medianNanos(() -> nanos(() -> onPatientLoop(() -> {
                    try (TaskGroup group = TaskGroup.open()) {
                        for (int i = 0; i < TASKS; i++) {
                            Task<?> _ = group.start(() -> {});
                        }
                    }
                })))
                / 1e6;
    }

    private static double spawnVirtual(Window window) throws Exception {
        return window.medianNanos(() -> nanos(() -> awaitVirtual(TASKS, () -> {}))) / 1e6;
    }

    private static void awaitVirtual(int count, Runnable body) throws InterruptedException {
        List<Thread> threads = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            threads.add(Thread.startVirtualThread(body));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Something to be timed as a whole. */
    private interface Work {
        void run() throws Exception;
    }

    private static long nanos(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** Starts so many that sleep so long, and awaits them. */
    private interface Sleepers {
        void run(int count, Duration nap) throws Exception;
    }

    /** Seconds that all of them take, once, after a warm-up by few at a time. */
    private static double warmThenTimed(Window window, Sleepers sleepers) throws Exception {
        while (!window.isOpen()) {
            sleepers.run(TASKS / 20, NAP.dividedBy(1000));
        }
        return nanos(() -> sleepers.run(TASKS, NAP)) / 1e9;
    }

    private static void sleepers(int count, Duration nap) throws Exception {
        onPatientLoop(() -> {
            try (TaskGroup group = TaskGroup.open()) {
                for (int i = 0; i < count; i++) {
                    Task<?> _ = group.start(() -> EventLoop.sleep(nap));
                }
            }
        });
    }

    private static void virtualSleepers(int count, Duration nap) throws InterruptedException {
        awaitVirtual(count, () -> {
            try {
                Thread.sleep(nap);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** In a JVM that has done nothing else. */
    private static double peakMib(Crew.Gate gate, Sleepers sleepers) throws Exception {
        Window _ = gate.await();
        sleepers.run(TASKS, NAP);
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow(() -> new IOException("the system does not tell this process's VmHWM"));
    }

    private static double queue(Window window, int capacity) throws Exception {
        return 1e9
                / window.perSecond(() -> {
                    EventLoop.run(() -> {
                        GreenQueue<Integer> queue = GreenQueue.of(capacity);
                        try (TaskGroup group = TaskGroup.open()) {
                            Task<?> _ = group.start(() -> {
                                for (int i = 0; i < ITEMS; i++) {
                                    queue.put(i);
                                }
                            });
                            for (int i = 0; i < ITEMS; i++) {
                                if (queue.take() != i) {
                                    throw new IllegalStateException("the queue gave a wrong element");
                                }
                            }
                        }
                    });
                    return ITEMS;
                });
    }

    /** Starts the other end. */
    private interface Starter {
        void start(Callable<Object> body);
    }

    private static void startTask(Callable<Object> body) {
        Task<?> _ = Task.start(body);
    }

    private static void startVirtual(Callable<Object> body) {
        Thread.startVirtualThread(() -> {
            try {
                Object _ = body.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static double echo(Window window, Starter starter) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            starter.start(() -> {
                try (Socket peer = server.accept()) {
                    sendBack(peer);
                }
                return MESSAGE;
            });
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
                client.setTcpNoDelay(true);
                InputStream in = client.getInputStream();
                OutputStream out = client.getOutputStream();
                byte[] answer = new byte[MESSAGE.length];
                return 1e6
                        / window.perSecond(() -> {
                            for (int i = 0; i < ECHOES; i++) {
                                out.write(MESSAGE);
                                if (in.readNBytes(answer, 0, answer.length) != answer.length) {
                                    throw new IOException("the echo ended early");
                                }
                            }
                            return ECHOES;
                        });
            }
        }
    }

    private static void sendBack(Socket peer) throws IOException {
        peer.setTcpNoDelay(true);
        InputStream in = peer.getInputStream();
        OutputStream out = peer.getOutputStream();
        byte[] buffer = new byte[64];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
        }
    }
}
