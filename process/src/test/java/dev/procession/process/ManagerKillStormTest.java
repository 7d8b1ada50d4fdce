package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.Background;
import dev.procession.conformance.NothingLeft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients killed at random moments while they use queue, lock and map: the others go on, and nothing happens twice. */
@ExtendWith(NothingLeft.class)
class ManagerKillStormTest {
    private static final int ITEMS = 30_000;
    private static final int KILLS = Integer.getInteger("kills", 12);

    /** What all clients use. The map counts, under the lock: both keys are to be the same whenever the lock is free. */
    private record Playground(
            BlockingQueue<Integer> todo, BlockingQueue<Integer> done, Lock lock, ConcurrentMap<String, Integer> map)
            implements java.io.Serializable {
        void work() throws InterruptedException {
            while (true) {
                int item = todo.take();
                lock.lock();
                try {
                    map.merge("first", 1, Integer::sum);
                    map.compute("second", (key, count) -> count == null ? 1 : count + 1);
                } finally {
                    lock.unlock();
                }
                done.put(item);
            }
        }
    }

    @Test
    void othersGoOn() throws Exception {
        try (Manager manager = Manager.builder()
                .process(ChildProcess.builder().stderr(Output.discarded()))
                .start()) {
            var playground = new Playground(manager.queue(), manager.queue(), manager.reentrantLock(), manager.map());
            List<Integer> items = new ArrayList<>();
            for (int i = 0; i < ITEMS; i++) {
                items.add(i);
            }
            playground.todo().addAll(items);
            List<ChildProcess> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(ChildProcess.start(playground::work));
            }
            var survivor = Background.run(playground::work);
            Set<Integer> seen = new HashSet<>();
            for (int kill = 0; kill < KILLS; kill++) {
                collect(playground, seen, ThreadLocalRandom.current().nextInt(1, 200));
                ChildProcess victim = clients.remove(ThreadLocalRandom.current().nextInt(clients.size()));
                victim.kill();
                clients.add(ChildProcess.start(playground::work));
                victim.join();
            }
            for (ChildProcess client : clients) {
                client.kill();
                client.join();
            }

            while (!playground.todo().isEmpty()) {
                collect(playground, seen, 1);
            }
            survivor.staysWaiting().interrupt();
            survivor.failure(InterruptedException.class);
            for (Integer rest = playground.done().poll();
                    rest != null;
                    rest = playground.done().poll()) {
                assertThat(seen.add(rest)).as("done once: %d", rest).isTrue();
            }

            assertThat(seen.size()).isBetween(ITEMS - KILLS - 3, ITEMS); // each of the killed lost one at most
            assertThat(playground.lock().tryLock(10, TimeUnit.SECONDS)).isTrue();
            int first = playground.map().get("first");
            int second = playground.map().get("second");
            playground.lock().unlock();
            assertThat(first - second).isBetween(0, KILLS + 3); // killed between the two
            assertThat(first).isGreaterThanOrEqualTo(seen.size());
        }
    }

    private static void collect(Playground playground, Set<Integer> seen, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            Integer item = playground.done().poll(20, TimeUnit.SECONDS);
            assertThat(item).as("somebody goes on").isNotNull();
            assertThat(seen.add(item)).as("done once: %d", item).isTrue();
        }
    }
}
