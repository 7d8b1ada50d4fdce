package dev.procession.shm;

import static dev.procession.shm.ChildJvm.say;
import static dev.procession.shm.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.procession.core.CountingSemaphore;
import dev.procession.core.FencedLock;
import dev.procession.core.Latch;
import dev.procession.core.Lease;
import dev.procession.core.LeaseLostException;
import dev.procession.core.LeasedQueue;
import dev.procession.core.QueueLimits;
import dev.procession.core.Space;
import dev.procession.core.SpaceFullException;
import dev.procession.core.codec.UndecodableException;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("LockNotBeforeTry") // the locks themselves are what is tested
class NamedSpaceTest {
    @TempDir(factory = InSharedMemory.class)
    @SuppressWarnings("NullAway.Init")
    private Path place;

    private Space open(String name) {
        return open(place.toString(), name);
    }

    private static Space open(String place, String name) {
        return Space.open(URI.create("shm:" + name), Map.of("dir", place));
    }

    private Path folder() {
        return NamedSpaces.in(place).folder();
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void is_one_place_for_jvms_that_know_nothing_but_its_name() throws Exception {
        String place = this.place.toString();
        try (Space space = open("shop");
                ChildJvm other = ChildJvm.start(() -> {
                    try (Space same = open(place, "shop")) {
                        FencedLock lock = same.lock("stock");
                        say(lock.lockAndGetFence());
                        int _ = System.in.read(); // end of file
                        lock.unlock();
                    }
                })) {
            long first = Long.parseLong(other.hear());
            FencedLock lock = space.lock("stock");
            assertThat(lock.tryLock(20, TimeUnit.SECONDS)).isTrue();
            assertThat(lock.getFence()).isGreaterThan(first);
            lock.unlock();
            assertThat(other.join()).isZero();
        }
    }

    @Test
    void is_private() throws Exception {
        try (Space _ = open("shop")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                    .isEqualTo("rwx------");
            assertThat(files()).containsExactly("shop.space");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().resolve("shop.space"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void keeps_what_is_in_it_when_everybody_has_left() {
        long fence;
        try (Space space = open("shop")) {
            FencedLock lock = space.lock("stock");
            fence = lock.lockAndGetFence();
        } // left holding it
        try (Space space = open("shop")) {
            FencedLock lock = space.lock("stock");
            assertThat(lock.tryLock()).isTrue();
            assertThat(lock.getFence()).isEqualTo(fence + 1);
            assertThat(((SharedReentrantLock) lock).ownerDied()).isTrue();
            assertThat(lock.toString()).contains("in doubt");
        }
    }

    @Test
    void ends_for_this_jvm_with_the_last_close() {
        Space one = open("shop");
        Space two = open("shop");
        FencedLock lock = one.lock("stock");
        assertThat(two.lock("stock")).isSameAs(lock);
        one.close();
        one.close();
        lock.lock();
        lock.unlock();
        assertThatIllegalStateException().isThrownBy(() -> one.lock("stock")).withMessage("shm:shop is closed");
        two.close();
        assertThatIllegalStateException().isThrownBy(lock::lock).withMessageContaining("is closed");
    }

    @Test
    void a_closed_lock_leaves_its_name_to_another() {
        try (Space space = open("shop")) {
            FencedLock lock = space.lock("stock");
            long fence = lock.lockAndGetFence();
            ((SharedReentrantLock) lock).close();
            FencedLock next = space.lock("stock");
            assertThat(next).isNotSameAs(lock);
            assertThat(next.lockAndGetFence()).isGreaterThan(fence);
        }
    }

    @Test
    void a_lock_of_it_travels() throws Exception {
        try (Space space = open("shop")) {
            FencedLock lock = space.lock("stock");
            try (ChildJvm child = ChildJvm.start(() -> say(((SharedReentrantLock) lock).lockAndGetFence()))) {
                long fence = Long.parseLong(child.hear());
                assertThat(lock.tryLock(20, TimeUnit.SECONDS)).isTrue();
                assertThat(lock.getFence()).isEqualTo(fence + 1);
            }
        }
    }

    @Test
    void fences_grow_over_the_death_of_owners() throws Exception {
        String place = this.place.toString();
        try (Space space = open("shop")) {
            FencedLock lock = space.lock("stock");
            long last = lock.lockAndGetFence();
            lock.unlock();
            for (int i = 0; i < 3; i++) {
                try (ChildJvm owner = ChildJvm.start(() -> {
                    say(open(place, "shop").lock("stock").lockAndGetFence());
                    Thread.sleep(Long.MAX_VALUE);
                })) {
                    long fence = Long.parseLong(owner.hear());
                    assertThat(fence).isGreaterThan(last);
                    owner.killWithoutWaiting();
                    assertThat(lock.tryLock(20, TimeUnit.SECONDS)).isTrue();
                    last = lock.getFence();
                    assertThat(last).isGreaterThan(fence);
                    lock.unlock();
                }
            }
            lock.lock();
            long outer = lock.getFence();
            assertThat(lock.lockAndGetFence()).as("acquired again").isEqualTo(outer);
            lock.unlock();
            lock.unlock();
            assertThatThrownBy(lock::getFence).isInstanceOf(IllegalMonitorStateException.class);
        }
    }

    @Test
    void refuses_names_that_are_none() {
        for (String name : List.of("", "a/b", "a b", "a".repeat(65), "~x", "ä")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Space.open(new URI("shm", name.isEmpty() ? "?" : name, null)))
                    .withMessageContaining("malformed name");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(URI.create("shm:a#b")))
                .withMessageContaining("uri=shm:a#b");
        try (Space space = open("..")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> space.lock("stock room"))
                    .withMessageContaining("name=stock room");
            assertThat(space.lock("a".repeat(64))).isNotNull();
        }
        assertThat(Files.exists(folder().resolve("...space"))).isTrue();
    }

    @Test
    void refuses_settings_it_does_not_know() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(URI.create("shm:shop"), Map.of("dirr", "/tmp")))
                .withMessageContaining("setting=dirr")
                .withMessageContaining("known=[deadlocks, dir, filter, limitBytes]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(URI.create("shm:shop"), Map.of("limitBytes", -1)))
                .withMessageContaining("value=-1");
        assertThatIllegalStateException()
                .isThrownBy(() -> open(place.resolve("nowhere").toString(), "shop"))
                .withMessageContaining("nowhere");
    }

    @Test
    void keeps_the_policy_for_deadlocks_it_was_made_with() {
        URI uri = URI.create("shm:shop");
        try (Space _ = Space.open(uri, Map.of("dir", place, "deadlocks", "report"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Space.open(uri, Map.of("dir", place, "deadlocks", "off")))
                    .withMessageContaining("deadlocks=off, found=report");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(uri, Map.of("dir", place, "deadlocks", "hope")))
                .withMessageContaining("policy=hope, expected throw, report, break or off");
    }

    @Test
    void keeps_the_limit_it_was_made_with() {
        URI uri = URI.create("shm:shop");
        try (Space _ = Space.open(uri, Map.of("dir", place, "limitBytes", 1 << 20))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Space.open(uri, Map.of("dir", place, "limitBytes", 2 << 20)))
                    .withMessageContaining("limitBytes=2097152, found=1048576");
            Space.open(uri, Map.of("dir", place)).close();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(uri, Map.of("dir", place, "limitBytes", 2 << 20)))
                .withMessageContaining("limitBytes=2097152, found=1048576");
        assertThat(NamedSpaces.in(place).list()).singleElement().satisfies(space -> {
            assertThat(space.limitBytes()).isEqualTo(1 << 20);
            assertThat(space.members()).isEmpty();
        });
    }

    @Test
    void refuses_folders_and_files_that_others_could_have_put_there() throws Exception {
        Path real = Files.createDirectory(place.resolve("real"));
        Files.createSymbolicLink(folder(), real);
        assertThatIllegalStateException()
                .isThrownBy(() -> open("shop"))
                .withMessageContaining("symbolic link")
                .withMessageContaining(folder().toString());
        Files.delete(folder());
        Files.createDirectory(
                folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        assertThatIllegalStateException().isThrownBy(() -> open("shop")).withMessageContaining("mode=750");
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx------"));

        Path file = folder().resolve("shop.space");
        Files.createSymbolicLink(file, place.resolve("real"));
        assertThatIllegalStateException().isThrownBy(() -> open("shop")).withMessageContaining("symbolic link");
        Files.delete(file);
        Files.write(file, new byte[64 << 20]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatIllegalStateException().isThrownBy(() -> open("shop")).withMessageContaining("mode=644");
    }

    @Test
    void is_listed_and_removed_when_nobody_uses_it() throws Exception {
        NamedSpaces spaces = NamedSpaces.in(place);
        assertThat(spaces.list()).isEmpty();
        assertThat(spaces.remove("shop")).isFalse();
        long self = ProcessHandle.current().pid();
        try (Space space = open("shop")) {
            FencedLock _ = space.lock("stock");
            NamedSpaces.Description shop = spaces.list().getFirst();
            assertThat(shop.name()).isEqualTo("shop");
            assertThat(shop.fault()).isNull();
            assertThat(shop.members()).containsExactly(new NamedSpaces.Member(self, true));
            assertThat(shop.primitives())
                    .containsExactly(new NamedSpaces.Primitive("stock", "SharedReentrantLock", ""));
            assertThat(shop.creatorPid()).isEqualTo(self);
            assertThat(shop.memoryBytes()).isBetween(40_000L, 1_000_000L);
            assertThatIllegalStateException()
                    .isThrownBy(() -> spaces.remove("shop"))
                    .withMessage("the space is in use: name=shop, members pid=" + self);
        }
        assertThat(spaces.remove("shop")).isTrue();
        assertThat(files()).isEmpty();
        assertThat(spaces.list()).isEmpty();
    }

    @Test
    void a_dead_member_does_not_keep_it_from_being_removed() throws Exception {
        String place = this.place.toString();
        NamedSpaces spaces = NamedSpaces.in(this.place);
        try (ChildJvm owner = ChildJvm.start(() -> {
            say(open(place, "shop").lock("stock").lockAndGetFence());
            Thread.sleep(Long.MAX_VALUE);
        })) {
            owner.hear();
            assertThatIllegalStateException()
                    .isThrownBy(() -> spaces.remove("shop"))
                    .withMessageContaining("pid=" + owner.pid());
            owner.kill();
            assertThat(spaces.list().getFirst().members()).containsExactly(new NamedSpaces.Member(owner.pid(), false));
            assertThat(spaces.remove("shop")).isTrue();
        }
    }

    @Test
    void is_made_anew_if_its_file_was_deleted_under_its_members() throws Exception {
        try (Space lost = open("shop")) {
            FencedLock old = lost.lock("stock");
            Files.delete(folder().resolve("shop.space"));
            try (Space space = open("shop")) {
                assertThat(space.lock("stock")).isNotSameAs(old);
            }
            old.lock();
        }
    }

    @Test
    void has_queues_that_others_put_into() throws Exception {
        String place = this.place.toString();
        try (Space space = open("shop");
                LeasedQueue<Order> orders = space.queue("orders", Order.class, QueueLimits.ofCapacity(3));
                ChildJvm shop = ChildJvm.start(() -> {
                    try (Space same = open(place, "shop");
                            LeasedQueue<Order> theirs = same.queue("orders", Order.class, QueueLimits.ofCapacity(3))) {
                        for (int i = 0; i < 10; i++) {
                            theirs.put(new Order("tea", i, List.of(Duration.ofDays(i))));
                        }
                    }
                })) {
            for (int i = 0; i < 10; i++) {
                assertThat(orders.poll(20, TimeUnit.SECONDS))
                        .isEqualTo(new Order("tea", i, List.of(Duration.ofDays(i))));
            }
            assertThat(shop.join()).isZero();
            assertThat(orders.poll()).isNull();
        }
    }

    record Order(String what, int count, List<Duration> when) implements Serializable {}

    @Test
    void closing_a_queue_ends_this_opening_of_it_alone() throws Exception {
        try (Space space = open("shop")) {
            LeasedQueue<String> one = space.queue("orders", String.class, QueueLimits.ofCapacity(3));
            LeasedQueue<String> two = space.queue("orders", String.class, QueueLimits.ofCapacity(3));
            one.put("tea");
            Lease<String> lease = one.lease(Duration.ofMinutes(1));
            assertThat(two.poll()).isNull();
            var thrown = new AtomicReference<Throwable>();
            Thread waiting = Thread.ofPlatform().start(() -> {
                try {
                    one.take();
                } catch (Throwable closed) {
                    thrown.set(closed);
                }
            });
            eventually(
                    "it waits",
                    () -> waiting.getState() == Thread.State.TIMED_WAITING
                            || waiting.getState() == Thread.State.RUNNABLE);
            one.close();
            waiting.join();
            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessage("shm:shop/orders is closed");
            assertThatThrownBy(lease::ack).isInstanceOf(LeaseLostException.class);
            Lease<String> again = two.lease(Duration.ofMinutes(1), 5, TimeUnit.SECONDS);
            assertThat(again).isNotNull();
            assertThat(again.deliveries()).isEqualTo(2);
            again.ack();
        }
    }

    @Test
    void a_queue_lets_nothing_through_but_what_was_declared() {
        try (Space space = open("shop")) {
            QueueLimits limits = QueueLimits.ofCapacity(3);
            LeasedQueue<Order> orders = space.queue("orders", Order.class, limits);
            @SuppressWarnings({"unchecked", "rawtypes"})
            LeasedQueue<Object> raw = (LeasedQueue) orders;
            assertThatThrownBy(() -> raw.add("tea")).isInstanceOf(ClassCastException.class);

            LeasedQueue<Object> anything = space.queue("anything", Object.class, limits);
            anything.add("tea");
            anything.add(new java.util.concurrent.atomic.AtomicInteger(1));
            assertThat(anything.poll()).isEqualTo("tea");
            assertThatThrownBy(anything::poll)
                    .isInstanceOf(UndecodableException.class)
                    .hasMessageContaining("AtomicInteger");
            assertThat(anything).isEmpty();
            assertThat(anything.deadLetters()).hasSize(1);
        }
    }

    @Test
    void a_name_is_of_one_thing_with_one_declaration() {
        try (Space space = open("shop")) {
            FencedLock _ = space.lock("stock");
            QueueLimits limits = QueueLimits.ofCapacity(3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> space.queue("stock", String.class, limits))
                    .withMessage("the name is that of another kind of thing: name=stock, expected=SharedQueue,"
                            + " found=SharedReentrantLock, in shm:shop");
            var _ = space.queue("orders", String.class, limits);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> space.queue("orders", Integer.class, limits))
                    .withMessageContaining("expected items=java.lang.Integer, capacity=3")
                    .withMessageContaining("found items=java.lang.String");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> space.queue("orders", String.class, QueueLimits.ofCapacity(4)))
                    .withMessageContaining("name=orders");
            assertThat(NamedSpaces.in(place).list().getFirst().types())
                    .containsExactly(entry("SharedQueue", 1), entry("SharedReentrantLock", 1));
        }
    }

    @Test
    void has_maps_of_what_was_declared() throws Exception {
        String place = this.place.toString();
        try (Space space = open("shop")) {
            var stock = space.map("stock", String.class, Order.class);
            try (ChildJvm child = ChildJvm.start(() -> open(place, "shop")
                    .map("stock", String.class, Order.class)
                    .put("tea", new Order("tea", 3, List.of())))) {
                assertThat(child.join()).isZero();
            }
            assertThat(stock).containsExactly(entry("tea", new Order("tea", 3, List.of())));
            @SuppressWarnings({"unchecked", "rawtypes"})
            Map<String, Object> raw = (Map) stock;
            assertThatThrownBy(() -> raw.put("tea", 1.5)).hasMessageContaining("found=java.lang.Double");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> space.map("stock", String.class, String.class))
                    .withMessageContaining("name=stock");
        }
    }

    @Test
    void has_semaphores_and_latches() throws Exception {
        String place = this.place.toString();
        try (Space space = open("shop")) {
            CountingSemaphore tills = space.semaphore("tills", 1);
            Latch opening = space.latch("opening", 2);
            tills.acquire();
            opening.countDown();
            try (ChildJvm child = ChildJvm.start(() -> {
                Space same = open(place, "shop");
                say(same.semaphore("tills", 1).tryAcquire());
                same.semaphore("tills", 1).release();
                same.latch("opening", 2).countDown();
            })) {
                assertThat(child.hear()).isEqualTo("false");
                assertThat(opening.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(tills.availablePermits()).isOne();
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> space.semaphore("tills", 2))
                    .withMessageContaining("expected permits=2, found permits=1");
        }
    }

    @Test
    void a_limit_is_kept_and_said() {
        URI uri = URI.create("shm:shop");
        try (Space space = Space.open(uri, Map.of("dir", place, "limitBytes", 1 << 20))) {
            LeasedQueue<byte[]> bytes = space.queue("bytes", byte[].class, QueueLimits.ofCapacity(10_000));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            bytes.add(new byte[10_000]);
                        }
                    })
                    .isInstanceOf(SpaceFullException.class)
                    .hasMessageContaining("limitBytes=1048576");
            assertThat(NamedSpaces.in(place).list().getFirst().memoryBytes()).isLessThanOrEqualTo(1 << 20);
            while (!bytes.isEmpty()) {
                assertThat(bytes.poll()).hasSize(10_000);
            }
        }
    }

    @Test
    void more_than_the_machine_has_is_refused_in_one_line_and_nothing_is_made() {
        try (Space space = Space.open(URI.create("shm:procession-test-full"))) {
            QueueLimits limits = QueueLimits.ofCapacity(10);
            long roomBytes = Path.of("/dev/shm").toFile().getTotalSpace();
            assertThatThrownBy(() -> space.queue("huge", String.class, limits.withCapacityBytes(roomBytes)))
                    .isInstanceOfAny(SpaceFullException.class, IllegalArgumentException.class)
                    .hasMessageNotContaining("\n");
            assertThat(space.queue("huge", String.class, limits)).isEmpty();
        } finally {
            assertThat(NamedSpaces.inDefaultPlace().remove("procession-test-full"))
                    .isTrue();
        }
    }

    @Test
    void leaves_nothing_behind_when_closed() throws Exception {
        opensAndCloses(500);
    }

    @Test
    @Tag("soak")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void leaves_nothing_behind_when_closed_however_often() throws Exception {
        opensAndCloses(10_000);
    }

    void opensAndCloses(int times) throws Exception {
        open("warm").close();
        eventually("the keeper has ended", () -> !keeperLives() || familyIsThere());
        long descriptors = descriptors();
        long mappings = mappings();
        int threads = Thread.getAllStackTraces().size();
        for (int i = 0; i < times; i++) {
            try (Space space = open("s" + i)) {
                FencedLock lock = space.lock("l");
                lock.lock();
                lock.unlock();
            }
            assertThat(NamedSpaces.in(place).remove("s" + i)).isTrue();
        }
        assertThat(files()).containsExactly("warm.space");
        eventually("no descriptor is left", () -> descriptors() <= descriptors);
        eventually("no mapping is left", () -> mappings() <= mappings);
        eventually("no thread is left", () -> Thread.getAllStackTraces().size() <= threads);
    }

    private static boolean keeperLives() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("procession-keeper"));
    }

    private static boolean familyIsThere() {
        return mappings() > 0;
    }

    private static long descriptors() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private static long mappings() {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("procession-")).count();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
