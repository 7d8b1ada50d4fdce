package dev.procession.lab.queue;

import dev.procession.lab.picture.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Every way to call a queue that is full, or empty, and what each came to. For one thread, which must not wait for ever:
 * nobody else is at the queue.
 */
final class Calls {
    private final BlockingQueue<String> queue;
    private final int capacity;
    private final Duration timeout;
    private final List<Call> made = new ArrayList<>();

    /**
     * One call.
     *
     * @param python what Python calls it
     * @param java what it is here
     * @param came what came of it
     * @param sizeAfter how many items were in the queue then
     * @param took how long it took
     * @param asClaimed whether that is what must come of it
     */
    private record Call(String python, String java, String came, int sizeAfter, Duration took, boolean asClaimed) {
        List<String> row() {
            return List.of(
                    python,
                    java,
                    came + (asClaimed ? "" : "  WRONG"),
                    String.valueOf(sizeAfter),
                    String.valueOf(took.toMillis()));
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("call", java);
            map.put("came", came);
            map.put("sizeAfter", sizeAfter);
            map.put("tookMillis", took.toMillis());
            map.put("asClaimed", asClaimed);
            return map;
        }
    }

    @FunctionalInterface
    private interface Try {
        Object call() throws InterruptedException;
    }

    /** An item never null; what a call gives back instead of one. */
    private static final String NULL = "null";

    private Calls(BlockingQueue<String> queue, int capacity, Duration timeout) {
        this.queue = queue;
        this.capacity = capacity;
        this.timeout = timeout;
    }

    /**
     * Fills an empty queue, tries to put one more in each way, empties it, and tries to take one more in each way.
     *
     * @param queue an empty queue that nobody else uses
     * @param capacity how many items it holds
     * @param timeout how long the calls with a time-out wait
     */
    static Calls make(BlockingQueue<String> queue, int capacity, Duration timeout) throws InterruptedException {
        Calls calls = new Calls(queue, capacity, timeout);
        calls.atAFullQueue();
        calls.atAnEmptyQueue();
        return calls;
    }

    private void atAFullQueue() throws InterruptedException {
        for (int i = 1; i <= capacity; i++) {
            String item = "item " + i;
            call("put(item)", "put", "stored", i, Duration.ZERO, () -> {
                queue.put(item);
                return "stored";
            });
        }
        call(
                "qsize(), full()",
                "size, remainingCapacity",
                capacity + ", 0",
                capacity,
                Duration.ZERO,
                () -> queue.size() + ", " + queue.remainingCapacity());
        call("put_nowait: Full", "offer", "false", capacity, Duration.ZERO, () -> queue.offer("late"));
        call("put_nowait: Full", "add", "IllegalStateException", capacity, Duration.ZERO, () -> {
            try {
                return queue.add("late");
            } catch (IllegalStateException e) {
                return e.getClass().getSimpleName();
            }
        });
        call(
                "put(item, timeout=t): Full",
                "offer(item, t, unit)",
                "false",
                capacity,
                timeout,
                () -> queue.offer("late", timeout.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void atAnEmptyQueue() throws InterruptedException {
        for (int i = 1; i <= capacity; i++) {
            call("get()", "take", "item " + i, capacity - i, Duration.ZERO, queue::take);
        }
        call(
                "qsize(), empty()",
                "size, isEmpty",
                "0, true",
                0,
                Duration.ZERO,
                () -> queue.size() + ", " + queue.isEmpty());
        call("get_nowait: Empty", "poll", NULL, 0, Duration.ZERO, () -> String.valueOf(queue.poll()));
        call("get_nowait: Empty", "remove", "NoSuchElementException", 0, Duration.ZERO, () -> {
            try {
                return queue.remove();
            } catch (NoSuchElementException e) {
                return e.getClass().getSimpleName();
            }
        });
        call(
                "get(timeout=t): Empty",
                "poll(t, unit)",
                NULL,
                0,
                timeout,
                () -> String.valueOf(queue.poll(timeout.toNanos(), TimeUnit.NANOSECONDS)));
    }

    private void call(String python, String java, String claim, int sizeClaim, Duration least, Try what)
            throws InterruptedException {
        long began = System.nanoTime();
        String came = String.valueOf(what.call());
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        int size = queue.size();
        boolean asClaimed = came.equals(claim) && size == sizeClaim && took.compareTo(least) >= 0;
        made.add(new Call(python, java, came, size, took, asClaimed));
    }

    /** Whether all came out as they must. */
    boolean allAsClaimed() {
        return made.stream().allMatch(Call::asClaimed);
    }

    /** The calls that did not. */
    List<String> wrong() {
        return made.stream()
                .filter(call -> !call.asClaimed())
                .map(call -> call.java() + " gave " + call.came())
                .toList();
    }

    Table table() {
        return new Table(
                List.of("Python", "here", "what came of it", "size", "ms"),
                made.stream().map(Call::row).toList());
    }

    List<Map<String, Object>> asMaps() {
        return made.stream().map(Call::asMap).toList();
    }
}
