package dev.procession.lab.cost;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Measures in a fresh JVM what one more waiting thread costs: starts many, lets all wait, and tells by how much memory
 * grew for each; again and again.
 *
 * @param kind of the threads
 * @param threads how many in one round
 * @param rounds how many rounds
 */
record MemoryProbe(Kind kind, int threads, int rounds) implements SerializableAction {
    /** What is measured, and by what. */
    enum Kind {
        /** Lives on the heap: by what is live there. */
        VIRTUAL,
        /** Has a stack of its own: by what the process has in memory. */
        PLATFORM
    }

    @Override
    public void run() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        start(threads, end, all); // The first of a kind bring classes, code and carriers that the others share.
        for (int round = 0; round < rounds; round++) {
            long before = used();
            start(threads, end, all);
            Diary.marks(Doing.TELLS_BYTES, Math.max(1, (used() - before) / threads));
        }
        end.countDown();
        for (Thread thread : all) {
            thread.join();
        }
    }

    private long used() {
        return kind == Kind.VIRTUAL ? Memory.liveHeapBytes() : Memory.residentBytes();
    }

    private void start(int count, CountDownLatch end, List<Thread> all) throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            Runnable task = () -> {
                waiting.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // Nobody does that here; it ends all the same.
                }
            };
            all.add(
                    kind == Kind.VIRTUAL
                            ? Thread.startVirtualThread(task)
                            : Thread.ofPlatform().start(task));
        }
        waiting.await();
        for (Thread thread : all) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
    }
}
