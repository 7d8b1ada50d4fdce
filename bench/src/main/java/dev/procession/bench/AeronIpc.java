package dev.procession.bench;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.util.List;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Aeron over IPC, through exclusive publications; the media driver is in the bench's own JVM. */
final class AeronIpc {
    static final String NAME = "Aeron";
    private static final String CHANNEL = "aeron:ipc?term-length=4m";
    private static final int THERE = 1;
    private static final int BACK = 2;
    private static final int MESSAGE_BYTES = 100;
    private static final int BATCH = 64;

    private AeronIpc() {}

    /** Messages of 100 bytes a second, from one producer to one consumer. */
    static Contender rate() {
        return Contender.of(NAME, effort -> {
            try (MediaDriver driver = driver()) {
                String directory = driver.aeronDirectoryName();
                return Crew.sumOfFirst(1, Crew.play(effort, List.of(consumer(directory), producer(directory))));
            }
        });
    }

    private static Crew.Part consumer(String directory) {
        return gate -> {
            try (Aeron aeron = connect(directory);
                    Subscription in = aeron.addSubscription(CHANNEL, THERE)) {
                Window window = gate.await();
                return window.perSecond(() -> {
                    int read = in.poll((_, _, _, _) -> {}, BATCH);
                    if (read == 0) {
                        Thread.onSpinWait();
                    }
                    return read;
                });
            }
        };
    }

    private static Crew.Part producer(String directory) {
        return gate -> {
            try (Aeron aeron = connect(directory);
                    ExclusivePublication out = aeron.addExclusivePublication(CHANNEL, THERE)) {
                var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                Window window = gate.await();
                return window.perSecond(() -> {
                    for (int i = 0; i < BATCH; i++) {
                        send(out, message, window);
                    }
                    return BATCH;
                });
            }
        };
    }

    /** Median microseconds of one message there and back. */
    static Contender pingPong() {
        return Contender.of(NAME, effort -> {
            try (MediaDriver driver = driver()) {
                String directory = driver.aeronDirectoryName();
                return Crew.play(effort, List.of(caller(directory), echo(directory)))
                        .getFirst();
            }
        });
    }

    private static Crew.Part caller(String directory) {
        return gate -> {
            try (Aeron aeron = connect(directory);
                    Subscription in = aeron.addSubscription(CHANNEL, BACK);
                    ExclusivePublication out = aeron.addExclusivePublication(CHANNEL, THERE)) {
                var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                Window window = gate.await();
                return PingPong.medianMicros(window, () -> {
                    send(out, message, window);
                    receive(in, window);
                });
            }
        };
    }

    private static Crew.Part echo(String directory) {
        return gate -> {
            try (Aeron aeron = connect(directory);
                    Subscription in = aeron.addSubscription(CHANNEL, THERE);
                    ExclusivePublication out = aeron.addExclusivePublication(CHANNEL, BACK)) {
                var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                Window window = gate.await();
                while (!window.isOver()) {
                    receive(in, window);
                    send(out, message, window);
                }
                return 0;
            }
        };
    }

    /** One thread for the whole driver, asleep most of the time: on two CPUs it must not take one from the work. */
    private static MediaDriver driver() {
        return MediaDriver.launchEmbedded(new MediaDriver.Context()
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
    }

    private static Aeron connect(String directory) {
        return Aeron.connect(
                new Aeron.Context().aeronDirectoryName(directory).idleStrategy(new SleepingMillisIdleStrategy(1)));
    }

    private static void send(ExclusivePublication out, UnsafeBuffer message, Window window) {
        while (out.offer(message, 0, MESSAGE_BYTES) < 0 && !window.isOver()) {
            Thread.onSpinWait();
        }
    }

    private static void receive(Subscription in, Window window) {
        while (in.poll((_, _, _, _) -> {}, 1) == 0 && !window.isOver()) {
            Thread.onSpinWait();
        }
    }
}
