package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who dies, and what it means to the others. Rules D1 to D9 of docs/contracts/manager.md. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // they are held and waited for until somebody dies
class ManagerDeathTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    // ---- of the manager ----

    @Test
    void d1_killOfTheManagerEndsEveryWaitAtOnce() throws Exception {
        try (Manager manager = Manager.start()) {
            BlockingQueue<String> queue = manager.queue();
            Lock lock = manager.lock();
            ManagedEvent event = manager.event();
            lock.lock();
            List<Background<Boolean>> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                waiting.add(Background.run(queue::take));
                waiting.add(Background.run(lock::lock));
                waiting.add(Background.run(event::await));
            }
            ChildProcess elsewhere = ChildProcess.builder()
                    .stdout(Output.captured())
                    .start(() -> {
                        try {
                            queue.put("here");
                            event.await();
                        } catch (ManagerUnreachableException e) {
                            System.out.println("told");
                        }
                    });
            Background.until(() -> waiting.stream().anyMatch(each -> !each.isRunning())); // who took what it put
            ChildProcess process = manager.process().orElseThrow();

            long start = System.nanoTime();
            process.kill();
            long told = waiting.stream()
                    .filter(each -> {
                        each.ended();
                        return failed(each);
                    })
                    .count();

            assertThat(System.nanoTime() - start).isLessThan(AT_ONCE.toNanos());
            assertThat(told).isEqualTo(11);
            elsewhere.join();
            assertThat(elsewhere.stdout()).isEqualTo("told" + System.lineSeparator());
            assertThatExceptionOfType(ManagerUnreachableException.class).isThrownBy(queue::size);
            assertThat(process.exitCode()).hasValue(-9);
        }
    }

    private static boolean failed(Background<Boolean> call) {
        try {
            return call.failure(ManagerUnreachableException.class) != null;
        } catch (AssertionError _) {
            return false;
        }
    }

    @Test
    void d2_managerDiesWithItsParentAndItsClientsAreTold(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("m/s");
        try (ParentProgram parent =
                ParentProgram.start(Owner.class, List.of("-Djava.io.tmpdir=" + folder), socket.toString())) {
            parent.awaitOutput("ready");
            Manager connected = Manager.connect(socket, KEY);
            BlockingQueue<String> queue = connected.queue();
            var waiting = Background.call(queue::take).staysWaiting();

            parent.signal("KILL");

            waiting.failure(ManagerUnreachableException.class);
            Marked.awaitNone(parent.mark, Duration.ofSeconds(2));
            connected.close();
        }
    }

    /** A main class: starts a manager and stays. */
    static final class Owner {
        static void main(String[] arguments) throws Exception {
            Manager.builder().serveAt(Path.of(arguments[0]), KEY).start();
            System.out.println("ready");
            Thread.sleep(Duration.ofMinutes(10));
        }
    }

    @Test
    void d2_managerOfAProgramThatEndsWithoutClosingItEndsAndLeavesNoFile(@TempDir Path folder) throws Exception {
        try (ParentProgram parent = ParentProgram.start(Forgetful.class, List.of("-Djava.io.tmpdir=" + folder))) {
            assertThat(parent.awaitExit()).as(parent.seen()).isZero();
            assertThat(parent.output()).contains("forgotten");
            Marked.awaitNone(parent.mark, Duration.ofSeconds(2));
        }
        assertThat(TempFiles.left(folder)).isEmpty();
    }

    /** A main class: starts a manager, uses it, and returns. */
    static final class Forgetful {
        static void main() {
            ConcurrentMap<String, String> map = Manager.start().map();
            map.put("key", "value");
            System.out.println("forgotten");
        }
    }

    @Test
    void d3_placeOfADeadManagerIsTakenOverAndThatOfALiveOneIsNot(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("place/socket");
        Manager first = Manager.builder().serveAt(socket, KEY).start();
        BlockingQueue<String> ofTheFirst = first.queue();
        assertThatThrownBy(() -> Manager.builder().serveAt(socket, KEY).start())
                .isInstanceOf(IllegalStateException.class)
                .rootCause()
                .isInstanceOf(BindException.class)
                .hasMessageContaining("another manager serves there");
        ofTheFirst.put("still there");
        assertThat(ofTheFirst.take()).isEqualTo("still there");

        first.process().orElseThrow().kill();
        first.process().orElseThrow().join();
        assertThat(socket).exists();
        try (Manager second = Manager.builder().serveAt(socket, KEY).start();
                Manager connected = Manager.connect(socket, KEY)) {
            assertThat(connected.<String>list()).isEmpty();
            assertThatExceptionOfType(ManagerUnreachableException.class).isThrownBy(ofTheFirst::size);
            assertThatExceptionOfType(ManagerUnreachableException.class)
                    .isThrownBy(ofTheFirst::size)
                    .withMessageContaining("another one serves at its place");
            assertThat(second.process()).isPresent();
        }
        first.close();
    }

    @Test
    void d3_folderThatOthersMayOpenIsRefused(@TempDir Path folder) throws IOException {
        Path open = Files.createDirectory(
                folder.resolve("open"),
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThatThrownBy(
                        () -> Manager.builder().serveAt(open.resolve("s"), KEY).start())
                .isInstanceOf(java.io.UncheckedIOException.class)
                .hasMessageContaining("chmod go=");
    }

    @Test
    void d4_closeEndsAlsoAManagerThatDoesNotAnswer() throws Exception {
        Manager manager = Manager.start();
        ChildProcess process = manager.process().orElseThrow();
        ConcurrentMap<String, String> map = manager.map();
        Stopped.stop(process.pid());
        var stuck = Background.run(() -> map.put("key", "value")).staysWaiting();

        manager.close();

        assertThat(process.exitCode()).hasValue(-9);
        stuck.failure(ManagerUnreachableException.class);
    }

    // ---- of a client ----

    /** A client that says it has come somewhere, and stays there. */
    private static ChildProcess client(BlockingQueue<String> told, dev.procession.core.SerializableAction until)
            throws InterruptedException {
        ChildProcess child = ChildProcess.start(() -> {
            until.run();
            told.put("there");
            Thread.sleep(Duration.ofMinutes(10));
        });
        assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo("there");
        return child;
    }

    @Test
    void d5_locksOfADeadClientAreFreeAndThatIsLogged() throws Exception {
        var log = new java.util.concurrent.ConcurrentLinkedQueue<String>();
        try (Manager manager = Manager.builder()
                .process(ChildProcess.builder().stderr(Output.lines(log::add)))
                .start()) {
            BlockingQueue<String> told = manager.queue();
            Lock plain = manager.lock();
            Lock reentrant = manager.reentrantLock();
            ChildProcess holder = client(told, () -> {
                plain.lock();
                reentrant.lock();
                reentrant.lock();
            });
            assertThat(plain.tryLock()).isFalse();
            assertThat(reentrant.tryLock(10, TimeUnit.MILLISECONDS)).isFalse();
            var waiting = Background.run(plain::lock).staysWaiting();

            holder.kill();

            waiting.result();
            assertThat(reentrant.tryLock(30, TimeUnit.SECONDS)).isTrue();
            Marked.poll(
                    Duration.ofSeconds(10),
                    () -> log.stream()
                                    .filter(line -> line.contains("released a lock whose holder died")
                                            && line.contains("client " + holder.pid()))
                                    .count()
                            == 2,
                    log::toString);
            holder.join();
        }
    }

    @Test
    void d6_keyOfADeadClientIsFreeAndKeepsItsValue() throws Exception {
        try (Manager manager = Manager.start()) {
            BlockingQueue<String> told = manager.queue();
            ConcurrentMap<String, Integer> map = manager.map();
            map.put("key", 1);
            ChildProcess computing = ChildProcess.start(() -> map.compute("key", (key, value) -> {
                try {
                    told.put("computing");
                    Thread.sleep(Duration.ofMinutes(10));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return 2;
            }));
            assertThat(told.take()).isEqualTo("computing");
            assertThat(map.get("key")).isEqualTo(1);
            assertThat(map.put("other", 5)).isNull();
            var waiting =
                    Background.call(() -> map.merge("key", 10, Integer::sum)).staysWaiting();

            computing.kill();

            assertThat(waiting.result()).isEqualTo(11);
            computing.join();
        }
    }

    @Test
    void d7_waitsOfADeadClientTakeNothing() throws Exception {
        try (Manager manager = Manager.start()) {
            BlockingQueue<String> told = manager.queue();
            BlockingQueue<String> queue = manager.queue(1);
            Lock lock = manager.reentrantLock();
            Condition condition = lock.newCondition();
            ManagedSemaphore semaphore = manager.semaphore(0);
            ManagedBarrier barrier = manager.barrier(3);
            ChildProcess dying = ChildProcess.start(() -> {
                Background.run(queue::take);
                Background.run(semaphore::acquire);
                Background.run(barrier::await);
                Background.run(() -> {
                    lock.lock();
                    told.put("waits");
                    condition.await();
                });
                Thread.sleep(Duration.ofMinutes(10));
            });
            assertThat(told.take()).isEqualTo("waits");
            var atTheBarrier = Background.call(barrier::await);
            Background.until(() -> barrier.getNumberWaiting() == 2);
            var signalled = Background.run(() -> {
                        lock.lock();
                        condition.await();
                        lock.unlock();
                    })
                    .staysWaiting();

            dying.kill();

            atTheBarrier.failure(BrokenBarrierException.class);
            semaphore.release();
            assertThat(semaphore.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            queue.put("for the living");
            assertThat(queue.poll(10, TimeUnit.SECONDS)).isEqualTo("for the living");
            lock.lock();
            condition.signal();
            lock.unlock();
            signalled.result();
            dying.join();
        }
    }
}
