package dev.procession.integration.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.process.ChildProcess;
import dev.procession.shm.SharedCountDownLatch;
import dev.procession.shm.SharedEvent;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes of several threads that all use one object, begin together, and record what they do; some are killed in the
 * midst of it.
 *
 * @param callsEach how many calls a thread makes at most
 * @param kills how many of the processes are killed
 */
record Crowd(int callsEach, int kills) {
    private static final int PROCESSES = 3;
    private static final int THREADS = 2;

    /** The one that looks on, and is not killed. */
    private static final int SURVIVOR = 0;

    private static final long LATEST_KILL_NANOS = 30_000_000;
    private static final long AFTERMATH_NANOS = 30_000_000;

    static int processOf(int actor) {
        return actor / THREADS;
    }

    /** What the threads wait for before they begin, and look at before each step. */
    private record Signals(SharedCountDownLatch allHere, SharedEvent stop) implements Serializable, AutoCloseable {
        static Signals make() {
            return new Signals(SharedCountDownLatch.create(PROCESSES + 1), SharedEvent.create());
        }

        @Override
        public void close() {
            allHere.close();
            stop.close();
        }
    }

    /** Has them use the object until each has made its calls; the result is everything that they did. */
    List<Operation> use(Subject subject, Path folder) throws Exception {
        List<Operation> history = new ArrayList<>();
        List<ChildProcess> processes = new ArrayList<>();
        try (Signals signals = Signals.make();
                Recorder survivor = new Recorder(folder, SURVIVOR * THREADS, callsEach)) {
            try {
                for (int number = 1; number <= PROCESSES; number++) {
                    processes.add(start(number, subject, signals, folder));
                }
                signals.allHere().countDown();
                signals.allHere().await();
                long[] goneAt = new long[PROCESSES + 1];
                for (int victim = 1; victim <= kills; victim++) {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LATEST_KILL_NANOS));
                    long killedAt = System.nanoTime();
                    processes.get(victim - 1).kill();
                    processes.get(victim - 1).join();
                    goneAt[victim] = System.nanoTime();
                    history.addAll(subject.bury(survivor, victim, killedAt));
                }
                if (kills > 0) {
                    LockSupport.parkNanos(AFTERMATH_NANOS);
                    signals.stop().set();
                }
                for (int number = 1; number <= PROCESSES; number++) {
                    end(processes.get(number - 1), number);
                    history.addAll(recorded(subject, folder, number, goneAt[number]));
                }
                history.addAll(survivor.operations(subject.calls(), 0));
            } finally {
                processes.forEach(ChildProcess::close);
            }
        }
        return history;
    }

    private ChildProcess start(int process, Subject subject, Signals signals, Path folder) {
        int callsEach = this.callsEach;
        String records = folder.toString(); // a Path does not travel
        return ChildProcess.start(() -> play(process, callsEach, subject, signals, Path.of(records)));
    }

    /** In a child. */
    private static void play(int process, int callsEach, Subject subject, Signals signals, Path folder)
            throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        SharedCountDownLatch allHere = signals.allHere();
        for (int i = 0; i < THREADS; i++) {
            Recorder recorder = new Recorder(folder, process * THREADS + i, callsEach);
            threads.add(Thread.ofPlatform().start(() -> {
                try (recorder) {
                    allHere.await();
                    Random random = new Random();
                    while (recorder.hasRoom() && !signals.stop().isSet()) {
                        subject.step(recorder, random);
                    }
                } catch (Throwable thrown) {
                    failure.set(thrown);
                }
            }));
        }
        allHere.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private void end(ChildProcess process, int number) throws InterruptedException {
        assertThat(process.join(Duration.ofSeconds(60))).as("%s ended", process).isTrue();
        if (number > kills) {
            assertThat(process.exitCode())
                    .as("%s: %s", process, process.failure())
                    .hasValue(0);
        }
    }

    private List<Operation> recorded(Subject subject, Path folder, int process, long goneAt) throws Exception {
        List<Operation> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            try (Recorder recorder = new Recorder(folder, process * THREADS + i, callsEach)) {
                List<Operation> operations = recorder.operations(subject.calls(), goneAt);
                if (goneAt == 0) {
                    assertThat(operations).allMatch(Operation::returned);
                }
                all.addAll(operations);
            }
        }
        return all;
    }
}
