package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What Python's tests assert of a manager, and what is said of ours. Rules G1 to G9 of docs/contracts/manager.md. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // what each single call does is what is tested
class ManagerTest {
    private Manager manager;

    @BeforeEach
    void start() {
        manager = Manager.start();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    @DisplayName("M02: a managed map behaves as a plain one")
    void mapIsAsAPlainOne() {
        ConcurrentMap<Integer, String> map = manager.map();
        for (int i = 0; i < 5; i++) {
            map.put(65 + i, Character.toString(65 + i));
        }

        assertThat(Map.copyOf(map)).isEqualTo(Map.of(65, "A", 66, "B", 67, "C", 68, "D", 69, "E"));
        assertThat(map.keySet()).containsExactly(65, 66, 67, 68, 69);
        assertThat(map.values()).containsExactly("A", "B", "C", "D", "E");
        assertThat(map.entrySet()).contains(Map.entry(67, "C")).hasSize(5);
    }

    @Test
    @DisplayName("M03: a map in a map stays the map it is")
    void mapInAMapIsAReference() {
        ConcurrentMap<String, String> pet = manager.map();
        ConcurrentMap<String, ConcurrentMap<String, String>> pets = manager.map();
        pets.put("one", pet);

        pets.get("one").put("kind", "hamster");
        assertThat(pet).containsEntry("kind", "hamster");

        pet.put("name", "Hammy");
        assertThat(pets.get("one")).isEqualTo(Map.of("kind", "hamster", "name", "Hammy"));
    }

    @Test
    @DisplayName("M05: what was deleted from a namespace is missing")
    void namespace() {
        Namespace namespace = manager.namespace();
        namespace.set("name", "Bob");
        namespace.set("job", "Builder");

        namespace.remove("job");

        assertThat(namespace.get("name", String.class)).isEqualTo("Bob");
        assertThat(namespace.has("job")).isFalse();
        assertThat(namespace.names()).containsExactly("name");
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> namespace.get("job", String.class));
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> namespace.remove("job"));
        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> namespace.get("name", Integer.class));
    }

    @Test
    @DisplayName("M06: queues in a list and in a map work through them")
    void queuesNest() throws Exception {
        List<BlockingQueue<String>> list = manager.list();
        ConcurrentMap<String, BlockingQueue<String>> map = manager.map();
        BlockingQueue<String> queue = manager.queue();
        list.add(queue);
        map.put("queue", queue);

        list.getFirst().put("X");
        assertThat(map.get("queue").take()).isEqualTo("X");
        map.get("queue").put("Y");
        assertThat(queue.poll(0, TimeUnit.SECONDS)).isEqualTo("Y");
        assertThat(list.getFirst().poll()).isNull();
    }

    @Test
    @DisplayName("M08: what another process puts into a map is there")
    void otherProcessPuts() throws Exception {
        ConcurrentMap<String, Integer> map = manager.map();
        List<Integer> list = manager.list();
        list.addAll(List.of(1, 2, 3));

        ChildProcess child = ChildProcess.start(() -> {
            map.put("pid", (int) Processes.current().pid());
            map.merge("count", 1, Integer::sum);
            list.replaceAll(n -> n * 10);
        });
        child.joinOrThrow();

        assertThat(map.get("pid")).isEqualTo((int) child.pid());
        assertThat(map.get("count")).isEqualTo(1);
        assertThat(list).containsExactly(10, 20, 30);
    }

    @Test
    @DisplayName("M09: a failure comes out with its type and both stacks")
    void failureHasBothStacks() {
        List<String> list = manager.list();

        Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(list::removeLast);

        assertThat(thrown).isExactlyInstanceOf(NoSuchElementException.class).hasMessage("the list is empty");
        assertThat(thrown.getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getMethodName()).isEqualTo("failureHasBothStacks"));
        assertThat(thrown.getCause()).isInstanceOf(RemoteThrowable.class);
        assertThat(thrown.getCause().getStackTrace())
                .anySatisfy(frame -> assertThat(frame.getClassName()).endsWith("ServedList"));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> list.get(3));
    }

    @Test
    @DisplayName("M11: after the block the process has ended well, and proxies fail")
    void endsWithItsBlock() {
        ChildProcess process;
        ConcurrentMap<String, String> map;
        try (Manager inner = Manager.start()) {
            process = inner.process().orElseThrow();
            map = inner.map();
            map.put("key", "value");
            assertThat(process.isAlive()).isTrue();
        }

        assertThat(process.exitCode()).hasValue(0);
        assertThatExceptionOfType(ManagerUnreachableException.class)
                .isThrownBy(() -> map.get("key"))
                .withMessageContaining("socket=");
    }

    @Test
    @DisplayName("M12: processes that know address and key meet at a queue")
    void unrelatedProcessesMeet(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("meet/here");
        byte[] key = "open sesame".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try (Manager server = Manager.builder().serveAt(socket, key).start();
                ParentProgram putter = ParentProgram.start(Putter.class, List.of(), socket.toString())) {
            assertThat(server.process()).isPresent();
            try (Manager connected = Manager.connect(socket, key)) {
                BlockingQueue<List<Object>> queue = connected.named("jobs", connected::queue);
                assertThat(queue.poll(60, TimeUnit.SECONDS)).containsExactly("hello", 42, putter.process.pid());
                assertThat(connected.directory().keySet()).containsExactly("jobs");
                assertThat(connected.process()).isEmpty();
            }
            assertThat(putter.awaitExit()).isZero();
            assertThatExceptionOfType(ManagerUnreachableException.class)
                    .isThrownBy(() -> Manager.connect(socket, new byte[] {1}))
                    .withMessageContaining("another key");
        }
        assertThat(Files.exists(socket)).isFalse();
    }

    /** A main class: a JVM that nobody of the family started. */
    static final class Putter {
        static void main(String[] arguments) throws Exception {
            byte[] key = "open sesame".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            try (Manager connected = Manager.connect(Path.of(arguments[0]), key)) {
                BlockingQueue<List<Object>> queue = connected.named("jobs", connected::queue);
                queue.put(List.of("hello", 42, ProcessHandle.current().pid()));
            }
        }
    }

    @Test
    @DisplayName("M14: lock, condition, semaphore, event and barrier hold between processes")
    void synchronizersHoldBetweenProcesses() throws Exception {
        Lock lock = manager.lock();
        Lock reentrant = manager.reentrantLock();
        Condition condition = reentrant.newCondition();
        ManagedSemaphore semaphore = manager.semaphore(3);
        ManagedEvent event = manager.event();
        ManagedBarrier barrier = manager.barrier(2);
        BlockingQueue<String> told = manager.queue();
        lock.lock();
        reentrant.lock();
        reentrant.lock();
        semaphore.acquire(2);

        ChildProcess child = ChildProcess.start(() -> {
            told.put("lock " + lock.tryLock() + ", reentrant " + reentrant.tryLock(0, TimeUnit.SECONDS)
                    + ", two permits " + semaphore.tryAcquire(2) + ", event " + event.isSet());
            barrier.await();
            event.await();
            reentrant.lock();
            condition.signal();
            reentrant.unlock();
            lock.unlock(); // a plain one is anybody's to release
            semaphore.release(2);
        });

        assertThat(told.take()).isEqualTo("lock false, reentrant false, two permits false, event false");
        barrier.await();
        event.set();
        assertThat(condition.await(60, TimeUnit.SECONDS)).isTrue();
        reentrant.unlock();
        reentrant.unlock();
        assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(reentrant::unlock);
        child.joinOrThrow();
        assertThat(lock.tryLock()).isTrue();
        assertThat(semaphore.availablePermits()).isEqualTo(3);
        assertThat(barrier.isBroken()).isFalse();
    }

    @Test
    @DisplayName("M15: a value and an array are read and written")
    void valueAndArray() throws Exception {
        ManagedValue<Integer> value = manager.value(1);
        List<Integer> array = manager.array(List.of(0, 1, 2, 3, 4));

        ChildProcess.start(() -> {
                    for (int i = 0; i < 100; i++) {
                        value.update(n -> n + 1);
                    }
                    array.set(2, 20);
                })
                .joinOrThrow();

        assertThat(value.get()).isEqualTo(101);
        value.set(7);
        assertThat(value.get()).isEqualTo(7);
        assertThat(array).containsExactly(0, 1, 20, 3, 4);
        assertThat(array.subList(1, 3)).containsExactly(1, 20);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> array.add(5));
    }

    // ---- beyond Python's cases ----

    @Test
    void updatesOfSeveralProcessesAllCount() throws Exception {
        ConcurrentMap<String, Integer> map = manager.map();
        ManagedValue<Integer> value = manager.value(0);
        List<ChildProcess> children = new java.util.ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(ChildProcess.start(() -> {
                for (int n = 0; n < 200; n++) {
                    map.merge("count", 1, Integer::sum);
                    value.update(count -> count + 1);
                }
            }));
        }
        for (ChildProcess child : children) {
            child.joinOrThrow();
        }

        assertThat(map.get("count")).isEqualTo(600);
        assertThat(value.get()).isEqualTo(600);
    }

    @Test
    void managerTravelsAndObjectsMadeElsewhereComeBack() throws Exception {
        Manager captured = manager;
        BlockingQueue<List<String>> lists = manager.queue();

        ChildProcess.start(() -> {
                    List<String> made = captured.list();
                    made.add("by the child");
                    lists.put(made);
                    captured.close(); // the connection alone
                })
                .joinOrThrow();

        List<String> made = lists.take();
        assertThat(made).containsExactly("by the child");
        made.add("and by the parent");
        assertThat(made).hasSize(2);
    }

    @Test
    void removedObjectFailsForAllAlsoThoseWhoWait() throws Exception {
        BlockingQueue<String> queue = manager.queue();
        Lock lock = manager.reentrantLock();
        Condition condition = lock.newCondition();
        var taker = Background.call(queue::take).staysWaiting();
        lock.lock();
        var locker = Background.run(lock::lock).staysWaiting();
        var waiter = Background.run(() -> {
            Lock other = manager.reentrantLock();
            Condition signal = other.newCondition();
            other.lock();
            manager.remove(signal);
            signal.await();
        });

        assertThat(manager.remove(queue)).isTrue();
        assertThat(manager.remove(queue)).isFalse();
        assertThat(manager.remove(lock)).isTrue();
        assertThat(manager.remove("no proxy")).isFalse();

        taker.failure(IllegalStateException.class);
        locker.failure(IllegalStateException.class);
        waiter.failure(IllegalStateException.class);
        assertThatIllegalStateException().isThrownBy(queue::size).withMessageContaining("removed");
        assertThatIllegalStateException().isThrownBy(condition::await);
    }

    @Test
    void proxiesOfOneObjectAreEqualAndThoseOfOthersAreNot() throws Exception {
        ManagedEvent event = manager.event();
        ConcurrentMap<String, Object> map = manager.map();
        map.put("event", event);

        assertThat(map.get("event")).isEqualTo(event).hasSameHashCodeAs(event).isNotSameAs(event);
        assertThat(manager.event()).isNotEqualTo(event);
        assertThat(event.toString()).contains("object ").contains("manager at");
    }

    @Test
    void interruptAtABarrierBreaksItAlsoIfItCameBefore() {
        ManagedBarrier barrier = manager.barrier(2);
        Background.run(() -> {
                    Thread.currentThread().interrupt();
                    barrier.await();
                })
                .failure(InterruptedException.class);
        assertThat(barrier.isBroken()).isTrue();
        assertThatExceptionOfType(BrokenBarrierException.class).isThrownBy(barrier::await);
    }

    @Test
    void largeElementsTravelWhileOthersWait() throws Exception {
        BlockingQueue<byte[]> queue = manager.queue();
        BlockingQueue<String> other = manager.queue();
        var waiter = Background.call(other::take).staysWaiting();
        byte[] large = new byte[40 << 20];
        large[large.length - 1] = 42;

        queue.put(large);
        assertThat(queue.take()).isEqualTo(large);

        other.put("done");
        assertThat(waiter.result()).isEqualTo("done");
    }

    @Test
    void tooLargeAMessageCutsItsSenderOffAndNobodyElse() throws Exception {
        try (Manager small = Manager.builder().maxMessageBytes(1 << 20).start()) {
            BlockingQueue<byte[]> queue = small.queue();
            assertThatThrownBy(() -> queue.put(new byte[2 << 20])).isInstanceOf(ManagerUnreachableException.class);
            queue.put(new byte[1000]);
            assertThat(queue.take()).hasSize(1000);
        }
    }
}
