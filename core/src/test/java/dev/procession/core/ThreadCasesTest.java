package dev.procession.core;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Python's {@code threading} as docs/python.md maps it to the JDK: what its own tests assert, the JDK does. */
class ThreadCasesTest {
    @Test
    @DisplayName("T01 a name that is given, and one that is not; main")
    void names() throws Exception {
        assertThat(Thread.ofPlatform().name("myname").unstarted(() -> {}).getName())
                .isEqualTo("myname");
        assertThat(new Thread(() -> {}).getName()).matches("Thread-\\d+");
        assertThat(Thread.ofPlatform()
                        .name("worker-", 0)
                        .factory()
                        .newThread(() -> {})
                        .getName())
                .isEqualTo("worker-0");
        assertThat(ProgramOutput.of(NameOfMain.class)).isEqualTo("main");
    }

    /** A program. */
    static final class NameOfMain {
        private NameOfMain() {}

        public static void main(String[] args) {
            System.out.print(Thread.currentThread().getName());
        }
    }

    @Test
    @DisplayName("T02 identity and life before the start, after it, and after the end")
    void life() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().unstarted(() -> await(gate));
        assertThat(thread.isAlive()).isFalse();
        assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
        assertThat(thread.threadId()).isPositive(); // the JDK gives it already here
        thread.start();
        assertThat(thread.isAlive()).isTrue();
        long id = thread.threadId();
        gate.countDown();
        assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        assertThat(thread.isAlive()).isFalse();
        assertThat(thread.threadId()).isEqualTo(id);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("T04 joining a thread that was not started, and oneself")
    void joins() throws Exception {
        Thread never = Thread.ofPlatform().unstarted(() -> {});
        assertThatExceptionOfType(IllegalThreadStateException.class)
                .isThrownBy(() -> never.join(Duration.ofSeconds(30)));
        never.join(); // this form returns at once
        assertThat(Thread.currentThread().join(Duration.ofMillis(20)))
                .as("waits in vain instead of being refused")
                .isFalse();
    }

    @Test
    @DisplayName("T05 a live thread does not become a daemon")
    void daemonOfALiveThread() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon(false).start(() -> await(gate));
        assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(() -> thread.setDaemon(true));
        gate.countDown();
        thread.join();
    }

    @Test
    @DisplayName("T07 join with a time-out; three join the same thread")
    void timedJoin() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> await(gate));
        assertThat(thread.join(Duration.ofMillis(100))).isFalse();
        assertThat(thread.isAlive()).isTrue();
        List<Thread> joiners = new ArrayList<>();
        AtomicInteger joined = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            joiners.add(Thread.ofPlatform().start(() -> {
                try {
                    thread.join();
                    joined.incrementAndGet();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        gate.countDown();
        for (Thread joiner : joiners) {
            assertThat(joiner.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(joined).hasValue(3);
    }

    @Test
    @DisplayName("T08 what a thread throws goes to its handler")
    void uncaught() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        AtomicReference<Thread> of = new AtomicReference<>();
        RuntimeException thrown = new IllegalStateException("uncaught");
        Thread thread = Thread.ofPlatform()
                .uncaughtExceptionHandler((dying, e) -> {
                    of.set(dying);
                    seen.set(e);
                })
                .start(() -> {
                    throw thrown;
                });
        thread.join();
        assertThat(seen.get()).isSameAs(thrown);
        assertThat(of.get()).isSameAs(thread);
    }

    @Test
    @DisplayName("T10 whether a thread is a daemon comes from the one that made it")
    void inheritedDaemon() throws Exception {
        for (boolean daemon : new boolean[] {true, false}) {
            AtomicBoolean inherited = new AtomicBoolean(!daemon);
            AtomicBoolean given = new AtomicBoolean(daemon);
            Thread maker = Thread.ofPlatform().daemon(daemon).start(() -> {
                inherited.set(new Thread(() -> {}).isDaemon());
                given.set(
                        Thread.ofPlatform().daemon(!daemon).unstarted(() -> {}).isDaemon());
            });
            maker.join();
            assertThat(inherited.get()).isEqualTo(daemon);
            assertThat(given.get()).isEqualTo(!daemon);
        }
    }

    @Test
    @DisplayName("T11 a timer that fires once, and one that is cancelled before it does")
    void timers() throws Exception {
        AtomicInteger fired = new AtomicInteger();
        AtomicLong firedAt = new AtomicLong();
        try (var timer = Executors.newSingleThreadScheduledExecutor()) {
            long begin = System.nanoTime();
            ScheduledFuture<?> cancelled = timer.schedule(fired::incrementAndGet, 100, MILLISECONDS);
            ScheduledFuture<?> fires = timer.schedule(
                    () -> {
                        fired.incrementAndGet();
                        firedAt.set(System.nanoTime());
                    },
                    200,
                    MILLISECONDS);
            cancelled.cancel(false);
            fires.get(30, SECONDS);
            assertThat(firedAt.get() - begin).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(200));
        }
        assertThat(fired).hasValue(1);
    }
}
