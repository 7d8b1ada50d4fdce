package dev.procession.bench;

import dev.procession.core.TaskFuture;
import dev.procession.process.ProcessPool;
import dev.procession.process.Processes;
import dev.procession.process.WorkerDiedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** Pools of processes: what a task costs, what a worker costs, how soon a death is known. */
final class PoolRows {
    private static final String OURS = "ProcessPool";
    private static final String EXECUTOR = "ProcessPoolExecutor";
    private static final String POOL = "mp.Pool";
    private static final String FORK = "ProcessPoolExecutor, fork";
    private static final String SPAWN = "ProcessPoolExecutor, spawn";
    private static final String FILE = "pool.py";
    private static final int WORKERS = 2;
    private static final int TASKS = 20_000;
    private static final List<Integer> INPUTS =
            IntStream.range(0, TASKS).boxed().toList();
    private static final int LARGE_BYTES = 100_000_000;
    private static final int STARTS = 7;
    private static final int ROUND_TRIPS = 3;
    private static final long GIBIBYTE = 1L << 30;

    /** A spare is up within this; the archive of a fresh build is trained within the other. */
    private static final long SPARE_MILLIS = 700;

    private static final long TRAINING_MILLIS = 6_000;
    private static final AtomicBoolean TRAINED = new AtomicBoolean();

    private PoolRows() {}

    static List<Row> all() {
        return List.of(
                new Row(
                        "pool-submit",
                        "submit a trivial task and get its result, one at a time, median",
                        "us",
                        Better.LOWER,
                        Contender.of(OURS, PoolRows::submit),
                        List.of(
                                Script.python(EXECUTOR, FILE, "executor-submit"),
                                Script.python(POOL + ".apply", FILE, "pool-apply")),
                        List.of(
                                new Target.Against(EXECUTOR, 5),
                                new Target.Against(POOL + ".apply", 5),
                                new Target.Absolute(30))),
                new Row(
                        "pool-map",
                        "20k trivial tasks by map, two workers (peer: batches of 64)",
                        "tasks/s",
                        Better.HIGHER,
                        Contender.of(OURS, effort -> tasksPerSecond(effort, PoolRows::map)),
                        List.of(Script.python(POOL, FILE, "pool-map")),
                        List.of(new Target.Against(POOL, 1))),
                new Row(
                        "pool-submit-all",
                        "20k trivial tasks, each submitted by itself, two workers",
                        "tasks/s",
                        Better.HIGHER,
                        Contender.of(OURS, effort -> tasksPerSecond(effort, PoolRows::submitAll)),
                        List.of(Script.python(EXECUTOR, FILE, "executor-submit-all")),
                        List.of(new Target.Against(EXECUTOR, 5))),
                new Row(
                        "pool-large",
                        "a byte[] of 100 MB to a worker and back, median",
                        "ms",
                        Better.LOWER,
                        Contender.of(OURS, _ -> large()),
                        List.of(Script.python(POOL, FILE, "large")),
                        List.of(new Target.Against(POOL, 3))),
                new Row(
                        "pool-start",
                        "from no pool to the first result of one worker, median",
                        "ms",
                        Better.LOWER,
                        Contender.of(OURS, _ -> coldStart()),
                        List.of(Script.python(SPAWN, FILE, "start-spawn"), Script.python(FORK, FILE, "start-fork")),
                        List.of(new Target.Absolute(70))),
                new Row(
                        "pool-spare",
                        "from a worker's death to the next result, of the spare (peer: from no pool)",
                        "ms",
                        Better.LOWER,
                        Contender.of(OURS, _ -> spare()),
                        List.of(Script.python(FORK, FILE, "start-fork")),
                        List.of(new Target.Against(FORK, 1), new Target.Absolute(3))),
                new Row(
                        "pool-death",
                        "from the SIGKILL of a busy worker of 1 GiB to the failed future",
                        "ms",
                        Better.LOWER,
                        Contender.of(OURS, _ -> death()),
                        List.of(Script.python(EXECUTOR, FILE, "death")),
                        List.of(new Target.Absolute(10))),
                new Row(
                        "pool-idle",
                        "resident memory of an idle worker",
                        "MiB",
                        Better.LOWER,
                        Contender.of(OURS, _ -> idleMib()),
                        List.of(Script.python(SPAWN, FILE, "idle-mib")),
                        List.of(new Target.Absolute(40))));
    }

    private static double submit(Effort effort) throws Exception {
        try (ProcessPool pool = one()) {
            long warm = System.nanoTime() + (long) (effort.warmUpSeconds() * 1e9);
            for (int i = 0; System.nanoTime() - warm < 0; i++) {
                plusOne(pool, i);
            }
            List<Double> micros = new ArrayList<>();
            long end = System.nanoTime() + (long) (effort.seconds() * 1e9);
            long start = System.nanoTime();
            for (int i = 0; start - end < 0; i++) {
                plusOne(pool, i);
                micros.add((System.nanoTime() - start) / 1e3);
                start = System.nanoTime();
            }
            return new Samples(micros).median();
        }
    }

    private static ProcessPool one() {
        return ProcessPool.builder().size(1).withoutSpare().build();
    }

    private static void plusOne(ProcessPool pool, int x) throws Exception {
        ensure(pool.submit(() -> x + 1).get() == x + 1);
    }

    private static void ensure(boolean right) {
        if (!right) {
            throw new IllegalStateException("the pool gave a wrong result");
        }
    }

    /** Puts all tasks through a pool, and gives the last result. */
    private interface Batch {
        int run(ProcessPool pool) throws Exception;
    }

    /** Tasks a second, the median of the batches within the window, in JVMs that are warm. */
    private static double tasksPerSecond(Effort effort, Batch batch) throws Exception {
        try (ProcessPool pool =
                ProcessPool.builder().size(WORKERS).withoutSpare().build()) {
            List<Double> unused = batches(pool, effort.warmUpSeconds(), batch);
            ensure(!unused.isEmpty());
            return new Samples(batches(pool, effort.seconds(), batch)).median();
        }
    }

    private static List<Double> batches(ProcessPool pool, double seconds, Batch batch) throws Exception {
        List<Double> rates = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            long start = System.nanoTime();
            int last = batch.run(pool);
            rates.add(TASKS * 1e9 / (System.nanoTime() - start));
            ensure(last == TASKS);
        } while (System.nanoTime() - end < 0);
        return rates;
    }

    private static int map(ProcessPool pool) throws Exception {
        return pool.map(x -> x + 1, INPUTS).getLast();
    }

    private static int submitAll(ProcessPool pool) throws Exception {
        List<TaskFuture<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            int x = i;
            futures.add(pool.submit(() -> x + 1));
        }
        int last = 0;
        for (TaskFuture<Integer> each : futures) {
            last = each.get();
        }
        return last;
    }

    private static double large() throws Exception {
        byte[] large = new byte[LARGE_BYTES];
        try (ProcessPool pool =
                ProcessPool.builder().size(1).withoutSpare().heap(GIBIBYTE).build()) {
            plusOne(pool, 1);
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < ROUND_TRIPS; i++) {
                long start = System.nanoTime();
                byte[] back = pool.submit(() -> large).get();
                millis.add((System.nanoTime() - start) / 1e6);
                ensure(back.length == LARGE_BYTES);
            }
            return new Samples(millis).median();
        }
    }

    private static double coldStart() throws Exception {
        if (TRAINED.compareAndSet(false, true)) {
            double unused = firstResultMillis();
            ensure(unused > 0);
            Thread.sleep(TRAINING_MILLIS);
        }
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            millis.add(firstResultMillis());
        }
        return new Samples(millis).median();
    }

    private static double firstResultMillis() throws Exception {
        long start = System.nanoTime();
        try (ProcessPool pool = one()) {
            plusOne(pool, 1);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private static double spare() throws Exception {
        List<Double> millis = new ArrayList<>();
        try (ProcessPool pool = ProcessPool.of(1)) {
            for (int i = 0; i < STARTS; i++) {
                plusOne(pool, 1);
                while (Processes.activeChildren().size() < 2) {
                    Thread.onSpinWait();
                }
                Thread.sleep(SPARE_MILLIS);
                TaskFuture<Object> deadly = pool.submit(() -> {
                    Runtime.getRuntime().halt(1);
                    return null;
                });
                awaitDeath(deadly);
                long start = System.nanoTime();
                plusOne(pool, 1);
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }
        return new Samples(millis).median();
    }

    private static void awaitDeath(TaskFuture<?> deadly) throws InterruptedException {
        try {
            deadly.get();
        } catch (ExecutionException e) {
            ensure(e.getCause() instanceof WorkerDiedException);
            return;
        }
        ensure(false);
    }

    private static double death() throws Exception {
        Path told = Files.createTempFile("procession-bench-", ".pid");
        String path = told.toString();
        try (ProcessPool pool = ProcessPool.builder()
                .size(1)
                .withoutSpare()
                .heap(2 * GIBIBYTE)
                .jvmOptions("-Xmn64m")
                .build()) {
            TaskFuture<Object> busy = pool.submit(() -> hold(path));
            while (Files.size(told) == 0) {
                Thread.sleep(10);
            }
            long pid = Long.parseLong(Files.readString(told));
            ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
            long start = System.nanoTime();
            ensure(worker.destroyForcibly());
            awaitDeath(busy);
            return (System.nanoTime() - start) / 1e6;
        } finally {
            Files.delete(told);
        }
    }

    /** Does not return. */
    private static Object hold(String path) throws IOException {
        byte[] held = new byte[(int) GIBIBYTE];
        for (int i = 0; i < held.length; i += 4096) {
            held[i] = 1;
        }
        Path whole = Path.of(path + ".new");
        Files.writeString(whole, Long.toString(ProcessHandle.current().pid()));
        Files.move(whole, Path.of(path), StandardCopyOption.ATOMIC_MOVE);
        while (held[0] == 1) {
            Thread.onSpinWait();
        }
        return held;
    }

    private static double idleMib() throws Exception {
        try (ProcessPool pool = one()) {
            long pid = pool.submit(() -> ProcessHandle.current().pid()).get();
            TimeUnit.MILLISECONDS.sleep(500);
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow(() -> new IOException("the system does not tell a process's VmRSS: pid=" + pid));
        }
    }
}
