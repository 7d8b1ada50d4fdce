package dev.procession.bench;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.util.Arrays;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Aeron over IPC: the producer or echo is a JVM of its own, the consumer and the media driver are in this one. */
final class AeronIpc {
    static final String NAME = "Aeron";
    private static final String CHANNEL = "aeron:ipc?term-length=4m";
    private static final int THERE = 1;
    private static final int BACK = 2;
    private static final int MESSAGE_BYTES = 100;

    private AeronIpc() {}

    /** Messages of 100 bytes a second through an exclusive publication. */
    static Contender rate(int perSecond) {
        return Contender.of(NAME, effort -> {
            int count = effort.count(perSecond);
            try (MediaDriver driver = driver();
                    Aeron aeron = connect(driver.aeronDirectoryName());
                    Subscription in = aeron.addSubscription(CHANNEL, THERE);
                    var producer = PeerJvm.start(Producer.class, driver.aeronDirectoryName(), "" + count)) {
                var rate = new MessageRate();
                while (rate.count() < count) {
                    int read = in.poll((_, _, _, _) -> {}, 64);
                    if (read > 0) {
                        rate.arrived(read);
                    } else {
                        Thread.onSpinWait();
                    }
                }
                rate.end();
                producer.result();
                return rate.perSecond();
            }
        });
    }

    /** Median microseconds of one message there and back. */
    static Contender pingPong(int perSecond) {
        return Contender.of(NAME, effort -> {
            int count = effort.count(perSecond);
            try (MediaDriver driver = driver();
                    Aeron aeron = connect(driver.aeronDirectoryName());
                    Subscription in = aeron.addSubscription(CHANNEL, BACK);
                    ExclusivePublication out = aeron.addExclusivePublication(CHANNEL, THERE);
                    var echo = PeerJvm.start(Echo.class, driver.aeronDirectoryName(), "" + count)) {
                var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                long[] nanos = new long[count];
                for (int i = 0; i < count; i++) {
                    long start = System.nanoTime();
                    send(out, message);
                    receive(in);
                    nanos[i] = System.nanoTime() - start;
                }
                echo.result();
                Arrays.sort(nanos);
                return nanos[count / 2] / 1e3;
            }
        });
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

    private static void send(ExclusivePublication out, UnsafeBuffer message) {
        while (out.offer(message, 0, MESSAGE_BYTES) < 0) {
            Thread.onSpinWait();
        }
    }

    private static void receive(Subscription in) {
        while (in.poll((_, _, _, _) -> {}, 1) == 0) {
            Thread.onSpinWait();
        }
    }

    private static void awaitConnection(ExclusivePublication out) {
        var idle = new BusySpinIdleStrategy();
        while (!out.isConnected()) {
            idle.idle();
        }
    }

    /** Arguments: the driver's directory, messages. */
    static final class Producer {
        private Producer() {}

        public static void main(String[] args) {
            try (Aeron aeron = connect(args[0]);
                    ExclusivePublication out = aeron.addExclusivePublication(CHANNEL, THERE)) {
                awaitConnection(out);
                var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                for (int left = Integer.parseInt(args[1]); left > 0; left--) {
                    send(out, message);
                }
            }
        }
    }

    /** Arguments: the driver's directory, messages. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) {
            try (Aeron aeron = connect(args[0]);
                    Subscription in = aeron.addSubscription(CHANNEL, THERE);
                    ExclusivePublication out = aeron.addExclusivePublication(CHANNEL, BACK)) {
                var message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
                for (int left = Integer.parseInt(args[1]); left > 0; left--) {
                    receive(in);
                    send(out, message);
                }
            }
        }
    }
}
