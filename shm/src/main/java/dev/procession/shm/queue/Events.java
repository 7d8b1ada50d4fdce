package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.DONE_EVENT_AT;
import static dev.procession.shm.queue.QueueLayout.ITEMS_EVENT_AT;
import static dev.procession.shm.queue.QueueLayout.LETTERS_EVENT_AT;
import static dev.procession.shm.queue.QueueLayout.POKED_AT;
import static dev.procession.shm.queue.QueueLayout.PUT_LOCK_AT;
import static dev.procession.shm.queue.QueueLayout.ROOM_EVENT_AT;
import static dev.procession.shm.queue.QueueLayout.TAKE_LOCK_AT;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.EventCount;
import dev.procession.shm.engine.PrimitiveKind.Remains;
import dev.procession.shm.engine.RobustLock;

/**
 * What threads wait for at a queue. Whoever makes it so wakes them, after it has released the lock it changed things
 * under.
 *
 * @param items there is an item to take, or there never will be
 * @param room there is room to put, or nothing is to be put any more
 * @param done everything put is finished
 * @param letters there is a dead letter
 */
public record Events(EventCount items, EventCount room, EventCount done, EventCount letters) {
    /** For waking everybody. */
    static final int ALL = Integer.MAX_VALUE;

    /**
     * The events of a queue.
     *
     * @param payload of its entry
     * @return its events
     */
    public static Events of(Cells payload) {
        return new Events(
                new EventCount(payload, ITEMS_EVENT_AT),
                new EventCount(payload, ROOM_EVENT_AT),
                new EventCount(payload, DONE_EVENT_AT),
                new EventCount(payload, LETTERS_EVENT_AT));
    }

    /** Wakes everybody, whatever for. */
    void wakeAll() {
        items.wake(ALL);
        room.wake(ALL);
        done.wake(ALL);
        letters.wake(ALL);
    }

    /**
     * The queue was closed: everybody who waits finds out.
     *
     * @param payload of its entry
     */
    public static void close(Cells payload) {
        RobustLock.close(payload, PUT_LOCK_AT);
        RobustLock.close(payload, TAKE_LOCK_AT);
        wakeAll(payload);
    }

    /**
     * A member died: its locks are free, in doubt, and the next to take looks for what it had leased.
     *
     * @param remains what it left
     */
    public static void repair(Remains remains) {
        Cells payload = remains.payload();
        RobustLock.repair(payload, PUT_LOCK_AT, remains.dead());
        RobustLock.repair(payload, TAKE_LOCK_AT, remains.dead());
        payload.setIntVolatile(POKED_AT, 1);
        wakeAll(payload);
    }

    private static void wakeAll(Cells payload) {
        EventCount.wakeAll(payload, ITEMS_EVENT_AT);
        EventCount.wakeAll(payload, ROOM_EVENT_AT);
        EventCount.wakeAll(payload, DONE_EVENT_AT);
        EventCount.wakeAll(payload, LETTERS_EVENT_AT);
    }
}
