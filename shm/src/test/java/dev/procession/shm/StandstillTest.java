package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.Lease;
import dev.procession.core.SerializableAction;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Families of which every thread waits for an item or a permit: that they are told so, and no others. */
@Timeout(120)
@SuppressWarnings("LockNotBeforeTry") // what is held while one waits is what is tested
class StandstillTest {
    private static final String TOLD = "deadlock: all threads of all processes wait: ";

    /** A family of two that each runs one of these on its thread main. */
    private static ChildJvm family(Pair pair) {
        return ChildJvm.startStranger(() -> {
            SharedQueue<String> orders = SharedQueue.create(4);
            SharedQueue<String> dishes = SharedQueue.create(4);
            SharedSemaphore seats = SharedSemaphore.create(0);
            SharedReentrantLock kitchen = SharedReentrantLock.create();
            var table = new Table(orders, dishes, seats, kitchen);
            Process other = ChildJvm.startUnheard(() -> pair.there().sit(table));
            pair.here().sit(table);
            say("here: done");
            other.waitFor();
            say("exit: " + other.exitValue());
        });
    }

    private record Table(
            SharedQueue<String> orders, SharedQueue<String> dishes, SharedSemaphore seats, SharedReentrantLock kitchen)
            implements Serializable {}

    private interface Guest extends Serializable {
        void sit(Table table) throws Exception;
    }

    private record Pair(Guest here, Guest there) implements Serializable {}

    private static String told(ChildJvm jvm) throws InterruptedException {
        String line = jvm.hear();
        while (!line.contains("deadlock: ")) {
            line = jvm.hear();
        }
        return line;
    }

    /** What both said until both have ended. */
    private static List<String> all(ChildJvm jvm) throws InterruptedException {
        List<String> said = new ArrayList<>();
        while (said.isEmpty() || !said.getLast().startsWith("exit: ")) {
            said.add(jvm.hear());
        }
        assertThat(jvm.join()).isZero();
        return said;
    }

    @Test
    void two_that_wait_for_each_others_item_are_told_of() throws Exception {
        try (ChildJvm jvm = family(
                new Pair(table -> table.dishes().take(), table -> table.orders().take()))) {
            assertThat(told(jvm))
                    .contains(TOLD)
                    .containsPattern("ChildJvm \\(pid \\d+, thread main\\) waits for SharedQueue \\S+;"
                            + " ChildJvm \\(pid \\d+, thread main\\) waits for SharedQueue");
            Eventually.eventually(
                    "an outsider sees it too",
                    () -> seenOf(jvm.pid()).stream()
                            .anyMatch(deadlock ->
                                    deadlock.startsWith("all threads of all processes wait: ChildJvm (pid ")));
        }
    }

    private static List<String> seenOf(long pid) {
        return Examination.ofFamilies().stream()
                .filter(family -> family.members().stream().anyMatch(member -> member.pid() == pid))
                .flatMap(family -> family.deadlocks().stream())
                .toList();
    }

    @Test
    void so_are_a_full_queue_and_a_permit_that_is_gone() throws Exception {
        try (ChildJvm jvm = family(new Pair(
                table -> {
                    for (int i = 0; i < 5; i++) {
                        table.orders().put("rice");
                    }
                },
                table -> table.seats().acquire()))) {
            assertThat(told(jvm)).contains(TOLD, "SharedQueue", "SharedSemaphore");
        }
    }

    @Test
    void so_are_one_that_waits_for_a_lock_and_one_that_holds_it_and_waits_for_an_item() throws Exception {
        try (ChildJvm jvm = family(new Pair(
                table -> {
                    table.kitchen().lock();
                    table.orders().put("rice");
                    String _ = table.dishes().take();
                    table.kitchen().unlock();
                },
                table -> {
                    String order = table.orders().take();
                    table.kitchen().lock();
                    table.dishes().put(order);
                }))) {
            assertThat(told(jvm)).contains(TOLD, "SharedQueue", "SharedReentrantLock");
        }
    }

    @Test
    void not_so_where_a_thread_runs_that_may_put_one() throws Exception {
        try (ChildJvm jvm = family(new Pair(
                table -> {
                    Thread cook = Thread.ofPlatform().daemon().unstarted(run(() -> {
                        Thread.sleep(3000);
                        table.orders().put("rice");
                    }));
                    cook.start();
                    String _ = table.dishes().take();
                },
                table -> table.dishes().put(table.orders().take())))) {
            assertThat(all(jvm)).contains("here: done", "exit: 0").noneMatch(line -> line.contains("deadlock"));
        }
    }

    @Test
    void not_so_where_a_lease_will_end() throws Exception {
        try (ChildJvm jvm = family(new Pair(
                table -> {
                    table.orders().put("rice");
                    Lease<String> _ = table.orders().lease(Duration.ofSeconds(3));
                    table.seats().release();
                    String _ = table.dishes().take();
                },
                table -> {
                    table.seats().acquire();
                    table.dishes().put(table.orders().take());
                }))) {
            assertThat(all(jvm)).contains("here: done", "exit: 0").noneMatch(line -> line.contains("deadlock"));
        }
    }

    @Test
    void not_so_where_one_waits_with_a_time_out() throws Exception {
        try (ChildJvm jvm = family(new Pair(
                table -> {
                    String none = table.dishes().poll(3, TimeUnit.SECONDS);
                    table.orders().put(none == null ? "nothing" : none);
                },
                table -> table.orders().take()))) {
            assertThat(all(jvm)).contains("here: done", "exit: 0").noneMatch(line -> line.contains("deadlock"));
        }
    }

    private static Runnable run(SerializableAction action) {
        return () -> {
            try {
                action.run();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        };
    }
}
