package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedEventTest {
    /** E01. */
    @Test
    void is_set_and_cleared_as_often_as_one_likes() {
        try (SharedEvent event = SharedEvent.create()) {
            assertThat(event.isSet()).isFalse();
            event.set();
            assertThat(event.isSet()).isTrue();
            event.set();
            assertThat(event.isSet()).isTrue();
            event.clear();
            assertThat(event.isSet()).isFalse();
            event.clear();
            assertThat(event.isSet()).isFalse();
        }
    }

    /** E03. */
    @Test
    void holds_nobody_up_while_it_is_set() throws Exception {
        try (SharedEvent event = SharedEvent.create()) {
            event.set();
            event.await();
            assertThat(event.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(event.await(0, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void gives_up_after_the_time_out() throws Exception {
        try (SharedEvent event = SharedEvent.create()) {
            long begin = System.nanoTime();
            assertThat(event.await(200, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(System.nanoTime() - begin).isBetween(200_000_000L, 2_000_000_000L);
            assertThat(event.await(0, TimeUnit.SECONDS)).isFalse();
        }
    }

    /** E04. */
    @Test
    void lets_processes_and_threads_through_that_wait() throws Exception {
        try (SharedEvent event = SharedEvent.create();
                SharedInt waiting = SharedInt.create(0)) {
            List<ChildJvm> children = new ArrayList<>();
            try {
                for (int i = 0; i < 3; i++) {
                    children.add(ChildJvm.start(() -> {
                        waiting.incrementAndGet();
                        say(event.await(30, TimeUnit.SECONDS));
                    }));
                }
                Eventually.eventually("they are about to wait", () -> waiting.get() == 3);
                event.set();
                for (ChildJvm child : children) {
                    assertThat(child.hear()).isEqualTo("true");
                }
            } finally {
                for (ChildJvm child : children) {
                    child.close();
                }
            }
        }
    }

    /** Python's threading.Event promises this, its multiprocessing.Event does not. */
    @Test
    void lets_through_who_waited_although_it_is_cleared_at_once() throws Exception {
        try (SharedEvent event = SharedEvent.create()) {
            AtomicInteger through = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Runnable work = () -> {
                    try {
                        event.await();
                        through.incrementAndGet();
                    } catch (InterruptedException unexpected) {
                        Thread.currentThread().interrupt();
                    }
                };
                threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.startVirtualThread(work));
            }
            Eventually.eventually(
                    "all wait",
                    () -> threads.stream()
                            .allMatch(thread -> thread.getState() != Thread.State.NEW
                                    && List.of(thread.getStackTrace())
                                            .toString()
                                            .contains("pause")));
            event.set();
            event.clear();
            for (Thread thread : threads) {
                assertThat(thread.join(Duration.ofSeconds(2))).isTrue();
            }
            assertThat(through).hasValue(4);
        }
    }

    @Test
    void stays_set_when_who_set_it_is_killed() throws Exception {
        try (SharedEvent event = SharedEvent.create();
                ChildJvm child = ChildJvm.start(() -> {
                    event.set();
                    say("set");
                    Thread.sleep(60_000);
                })) {
            assertThat(child.hear()).isEqualTo("set");
            child.kill();
            assertThat(event.await(1, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void ends_for_who_waits_when_it_is_closed() throws Exception {
        SharedEvent event = SharedEvent.create();
        AtomicInteger outcome = new AtomicInteger();
        Thread waiter = Thread.ofPlatform().start(() -> {
            try {
                event.await();
            } catch (IllegalStateException expected) {
                outcome.set(1);
            } catch (InterruptedException unexpected) {
                outcome.set(2);
            }
        });
        event.close();
        assertThat(waiter.join(Duration.ofSeconds(2))).isTrue();
        assertThat(outcome).hasValue(1);
        assertThatThrownBy(event::set).isInstanceOf(IllegalStateException.class);
    }
}
