package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.HEAD_AT;
import static dev.procession.shm.queue.QueueLayout.MOST_LETTERS;
import static dev.procession.shm.queue.QueueLayout.POKED_AT;
import static dev.procession.shm.queue.QueueLayout.SHUT_DOWN_AT;
import static dev.procession.shm.queue.QueueLayout.TAIL_AT;
import static dev.procession.shm.queue.QueueLayout.TAKE_LOCK_AT;

import dev.procession.core.QueueShutDownException;
import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;
import dev.procession.shm.engine.RobustLock;
import dev.procession.shm.queue.Deliveries.Sort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The half of a queue that takes, leases and settles.
 *
 * <p>All of it under the take lock. To take an item: copy it out, then HEAD, with release: it is gone from the queue, and
 * is the taker's alone. A death before that leaves the item where it was. To lease one: a slot of the lease table, its
 * word last; then HEAD. A death between the two leaves a slot whose record is still the first of the stream; whoever gets
 * the lock next frees the slot, so the item was not delivered. Everything else is told in {@link Deliveries}.
 */
public final class TakeSide {
    private final Cells payload;
    private final Cells heap;
    private final RobustLock lock;
    private final RecordStream stream;
    private final LeaseTable leases;
    private final Deliveries deliveries;
    private final Events events;

    /**
     * The take side as this member uses it.
     *
     * @param entry the queue
     * @param events its events
     */
    public TakeSide(Entry entry, Events events) {
        this.payload = entry.payload();
        this.heap = entry.heap();
        this.lock = new RobustLock(payload, TAKE_LOCK_AT, entry.space());
        this.stream = new RecordStream(payload, heap);
        this.leases = new LeaseTable(entry);
        this.deliveries = new Deliveries(entry, leases);
        this.events = events;
    }

    /**
     * A leased item.
     *
     * @param item its bytes
     * @param slot where the lease is noted
     * @param token of this delivery
     * @param deliveries how many there were, this one included
     */
    public record Delivery(Encoded item, int slot, long token, int deliveries) {}

    /**
     * An item that was seen in the queue, and where.
     *
     * @param item its bytes
     * @param slot the slot it was in, or -1 if it was in the stream
     * @param word the slot's word then
     * @param offset of the record
     * @param order how many items were put before it
     */
    public record Seen(Encoded item, int slot, long word, long offset, int order) {}

    private void lockAndRecover() {
        boolean inDoubt = lock.lock();
        stream.open();
        if (inDoubt) {
            boolean recovered = false;
            try {
                stream.recover();
                deliveries.recover(stream);
                lock.settle();
                recovered = true;
            } finally {
                if (!recovered) {
                    lock.release();
                }
            }
        }
    }

    // ---- taking ----

    /**
     * Takes the next item for good.
     *
     * @return the item, or null if there is none just now
     * @throws QueueShutDownException if there never will be one
     */
    public @Nullable Encoded poll() {
        Encoded item;
        lockAndRecover();
        try {
            boolean last = isShutDown();
            item = pollLocked();
            if (item == null) {
                ensureMoreMayCome(last);
                return null;
            }
            stream.commit();
        } finally {
            lock.release();
        }
        events.room().wake(1);
        return item;
    }

    private @Nullable Encoded pollLocked() {
        Encoded returned = pollReturned();
        return returned != null ? returned : pollStream();
    }

    private @Nullable Encoded pollReturned() {
        int returned = nextReturned();
        if (returned < 0) {
            return null;
        }
        Encoded item = readSlot(returned);
        deliveries.take(returned);
        return item;
    }

    private @Nullable Encoded pollStream() {
        long offset = nextItem();
        if (offset < 0) {
            return null;
        }
        Encoded item = Records.read(heap, offset, stream.header());
        stream.pass(offset);
        return item;
    }

    /**
     * Takes items for good, those of the stream with one commit.
     *
     * @param target where to
     * @param most how many at most
     * @return how many
     * @throws QueueShutDownException if there is none and never will be one
     */
    public int drainTo(List<Encoded> target, int most) {
        int count = 0;
        lockAndRecover();
        try {
            boolean last = isShutDown();
            for (Encoded item; count < most && (item = pollReturned()) != null; count++) {
                target.add(item);
            }
            for (Encoded item; count < most && (item = pollStream()) != null; count++) {
                target.add(item);
            }
            if (count > 0) {
                stream.commit();
            } else if (most > 0) {
                ensureMoreMayCome(last);
            }
        } finally {
            lock.release();
        }
        if (count > 0) {
            events.room().wake(count);
        }
        return count;
    }

    /**
     * Reads the next item and leaves it there.
     *
     * @return the item, or null if there is none just now
     */
    public @Nullable Encoded peek() {
        lockAndRecover();
        try {
            int returned = nextReturned();
            if (returned >= 0) {
                return readSlot(returned);
            }
            long offset = nextItem();
            return offset < 0 ? null : Records.read(heap, offset, stream.header());
        } finally {
            lock.release();
        }
    }

    /** The slot of an item that came back and is to be delivered now, or -1. */
    private int nextReturned() {
        boolean poked = payload.getIntAcquire(POKED_AT) != 0;
        if (poked) {
            payload.setIntVolatile(POKED_AT, 0); // before looking, so that a later death pokes again
        }
        return poked || deliveries.isDue() ? deliveries.nextReturned(Sort.ITEMS) : -1;
    }

    /** The first item of the stream, or -1. Letters on the way there are filed. */
    private long nextItem() {
        for (; ; ) {
            long offset = stream.first();
            boolean letter = offset >= 0 && Records.kind(stream.header()) == Records.LETTER;
            if (!letter || !deliveries.file(offset, stream.orderOfFirst())) {
                return offset;
            }
        }
    }

    private Encoded readSlot(int slot) {
        long offset = leases.recordOffset(slot);
        return Records.read(heap, offset, heap.getLong(offset));
    }

    /**
     * Whether nothing more is put.
     *
     * @return true once the queue was shut down
     */
    public boolean isShutDown() {
        return payload.getIntVolatile(SHUT_DOWN_AT) != 0;
    }

    /** Whether a jump was followed since this was last asked, so that an area may be drained. */
    public boolean hasJumped() {
        return stream.hasJumped();
    }

    /** Shut down before the look that found nothing, and nothing that could come back. */
    private void ensureMoreMayCome(boolean last) {
        if (last && deliveries.leased() == 0 && deliveries.returned() == 0) {
            throw new QueueShutDownException(heap.owner() + " was shut down and is empty");
        }
    }

    // ---- leasing ----

    /**
     * Leases the next item.
     *
     * @param leaseNanos for how long
     * @return the delivery, or null if there is none just now, or too many are leased
     * @throws QueueShutDownException if there never will be one
     */
    public @Nullable Delivery lease(long leaseNanos) {
        lockAndRecover();
        try {
            boolean last = isShutDown();
            long until = System.nanoTime() + leaseNanos;
            int slot = nextReturned();
            if (slot >= 0) {
                return lease(slot, Sort.ITEMS, until);
            }
            long offset = nextItem();
            if (offset < 0) {
                ensureMoreMayCome(last);
                return null;
            }
            slot = leases.findFree();
            if (slot < 0) {
                return null;
            }
            leases.prepare(slot, offset, stream.orderOfFirst());
            Delivery delivery = lease(slot, Sort.ITEMS, until);
            stream.pass(offset);
            stream.commit();
            return delivery;
        } finally {
            lock.release();
            events.room().wake(1);
        }
    }

    private Delivery lease(int slot, Sort sort, long until) {
        Encoded item = readSlot(slot);
        long word = deliveries.lease(slot, sort, until);
        return new Delivery(item, slot, LeaseTable.token(word), LeaseTable.deliveries(word));
    }

    /** What a holder may do to a lease. */
    public enum Settlement {
        /** It is done. */
        ACK,
        /** It is to be delivered again. */
        NACK,
        /** It is a dead letter. */
        REJECT,
        /** It is leased for longer. */
        RENEW
    }

    /**
     * Does something to a lease.
     *
     * @param slot where it is noted
     * @param token of the delivery
     * @param settlement what to do
     * @param nanos NACK: not to be delivered before so much time has passed; RENEW: for how long from now
     * @return false if the lease had ended
     * @throws IllegalStateException if there is no room for more dead letters; the lease goes on
     */
    public boolean settle(int slot, long token, Settlement settlement, long nanos) {
        boolean letter;
        lockAndRecover();
        try {
            long word = deliveries.leased(slot, token);
            if (word == 0) {
                return false;
            }
            letter = LeaseTable.isLetter(word);
            switch (settlement) {
                case ACK -> deliveries.settle(slot);
                case NACK -> deliveries.giveBack(slot, word, System.nanoTime() + nanos);
                case RENEW -> deliveries.renew(slot, System.nanoTime() + nanos);
                case REJECT -> reject(slot, word);
            }
        } finally {
            lock.release();
        }
        tell(settlement, letter);
        return true;
    }

    private void reject(int slot, long word) {
        if (LeaseTable.isLetter(word)) {
            deliveries.buryAgain(slot, word, Position.count(heap.getLongAcquire(TAIL_AT)));
            return;
        }
        if (deliveries.letters() >= MOST_LETTERS) {
            throw new IllegalStateException("no room for another dead letter; take some out: deadLetters="
                    + deliveries.letters() + ", in " + heap.owner());
        }
        deliveries.bury(slot);
    }

    private void tell(Settlement settlement, boolean letter) {
        switch (settlement) {
            case ACK -> tellIfDone();
            case NACK -> {
                (letter ? events.letters() : events.items()).wake(1);
                tellIfBuried();
            }
            case REJECT -> tellIfBuried();
            case RENEW -> {}
        }
    }

    private void tellIfBuried() {
        if (deliveries.letters() > 0) {
            events.letters().wake(1);
            tellIfDone();
        }
    }

    // ---- counting ----

    /**
     * How many items are waiting: never delivered, or to be delivered again.
     *
     * @return the number of items
     */
    public int size() {
        if (payload.getIntAcquire(POKED_AT) != 0 || deliveries.isDue()) {
            lockAndRecover();
            try {
                nextReturned();
            } finally {
                lock.release();
            }
        }
        int head = Position.count(heap.getLongAcquire(HEAD_AT));
        int waiting = Position.count(heap.getLongAcquire(TAIL_AT)) - head - deliveries.removed();
        return Math.max(0, waiting) + deliveries.returned();
    }

    /**
     * How many of the waiting items count against the capacity.
     *
     * @return the number of items that were never delivered
     */
    public int neverDelivered() {
        int head = Position.count(heap.getLongAcquire(HEAD_AT));
        return Math.max(0, Position.count(heap.getLongAcquire(TAIL_AT)) - head - deliveries.removed());
    }

    /** Whether there looked to be something to take; for a look without the lock. */
    public boolean looksReady() {
        return Position.count(heap.getLongAcquire(TAIL_AT)) != Position.count(heap.getLongAcquire(HEAD_AT))
                || payload.getIntAcquire(POKED_AT) != 0
                || deliveries.isDue();
    }

    /**
     * How many items were put and are not finished.
     *
     * @return the number of items
     */
    public int unfinished() {
        int done = deliveries.done();
        return Position.count(heap.getLongAcquire(TAIL_AT)) - done;
    }

    /**
     * Finishes an item that was taken.
     *
     * @throws IllegalStateException if there is none
     */
    public void taskDone() {
        lockAndRecover();
        try {
            if (unfinished() == 0) {
                throw new IllegalStateException("taskDone() called more often than items were put, on " + heap.owner());
            }
            deliveries.finishOne();
        } finally {
            lock.release();
        }
        tellIfDone();
    }

    private void tellIfDone() {
        if (unfinished() == 0) {
            events.done().wake(Events.ALL);
        }
    }

    // ---- the queue as a collection ----

    /**
     * All items that wait, as of one moment, in the order they would be delivered if nothing were delayed.
     *
     * @return the items
     */
    public List<Seen> snapshot() {
        var seen = new ArrayList<Seen>();
        lockAndRecover();
        try {
            nextReturned();
            addReturned(Sort.ITEMS, seen);
            stream.walk((offset, header, order) -> {
                if (Records.kind(header) == Records.ITEM) {
                    seen.add(new Seen(Records.read(heap, offset, header), -1, 0, offset, order));
                }
            });
        } finally {
            lock.release();
        }
        return seen;
    }

    private void addReturned(Sort sort, List<Seen> seen) {
        int used = leases.used();
        for (int slot = 0; slot < used; slot++) {
            long word = leases.word(slot);
            if (LeaseTable.state(word) == LeaseTable.RETURNED && sort.matches(word)) {
                seen.add(new Seen(readSlot(slot), slot, word, leases.recordOffset(slot), leases.order(slot)));
            }
        }
        if (!seen.isEmpty()) {
            int base = seen.getFirst().order();
            seen.sort(Comparator.comparingInt(each -> each.order() - base));
        }
    }

    /**
     * Takes an item out, if it is still there, and finishes it.
     *
     * @param seen where it was
     * @return whether it was there
     */
    public boolean remove(Seen seen) {
        lockAndRecover();
        try {
            if (!removeLocked(seen)) {
                return false;
            }
            stream.first(); // passes it, if it was the first
        } finally {
            lock.release();
        }
        events.room().wake(1);
        tellIfDone();
        return true;
    }

    private boolean removeLocked(Seen seen) {
        if (seen.slot() >= 0) {
            boolean there = leases.word(seen.slot()) == seen.word();
            if (there) {
                deliveries.settle(seen.slot());
            }
            return there;
        }
        boolean there = stream.contains(seen.order()) && Records.kind(heap.getLong(seen.offset())) == Records.ITEM;
        if (there) {
            deliveries.remove(seen.offset());
        }
        return there;
    }

    /**
     * Takes all waiting items out, and finishes them.
     *
     * @return the items
     */
    public List<Encoded> clear() {
        var items = new ArrayList<Encoded>();
        lockAndRecover();
        try {
            nextReturned();
            var seen = new ArrayList<Seen>();
            addReturned(Sort.ITEMS, seen);
            for (Seen each : seen) {
                items.add(each.item());
                deliveries.settle(each.slot());
            }
            for (long offset; (offset = nextItem()) >= 0; ) {
                items.add(Records.read(heap, offset, stream.header()));
                deliveries.remove(offset);
            }
        } finally {
            lock.release();
        }
        events.room().wake(Events.ALL);
        tellIfDone();
        return items;
    }

    // ---- dead letters ----

    /** Files the dead letters that are still in the stream, so that they can be taken. */
    public void fileLetters() {
        lockAndRecover();
        try {
            stream.walk((offset, header, order) -> {
                if (Records.kind(header) == Records.LETTER) {
                    deliveries.file(offset, order);
                }
            });
            stream.first();
        } finally {
            lock.release();
        }
        events.letters().wake(1);
    }

    /**
     * Takes a dead letter for good.
     *
     * @return the letter, or null if there is none
     */
    public @Nullable Encoded pollLetter() {
        lockAndRecover();
        try {
            int slot = deliveries.nextReturned(Sort.LETTERS);
            if (slot < 0) {
                return null;
            }
            Encoded item = readSlot(slot);
            deliveries.take(slot);
            return item;
        } finally {
            lock.release();
        }
    }

    /**
     * Leases a dead letter.
     *
     * @param leaseNanos for how long
     * @return the delivery, or null if there is none
     */
    public @Nullable Delivery leaseLetter(long leaseNanos) {
        lockAndRecover();
        try {
            int slot = deliveries.nextReturned(Sort.LETTERS);
            long until = System.nanoTime() + leaseNanos;
            return slot < 0 ? null : lease(slot, Sort.LETTERS, until);
        } finally {
            lock.release();
        }
    }

    /** Whether there looked to be a dead letter; for a look without the lock. */
    public boolean hasLetters() {
        return deliveries.letters() > 0;
    }

    /**
     * All dead letters nobody has leased, as of one moment.
     *
     * @return the letters
     */
    public List<Seen> lettersSnapshot() {
        var seen = new ArrayList<Seen>();
        lockAndRecover();
        try {
            deliveries.nextReturned(Sort.LETTERS);
            addReturned(Sort.LETTERS, seen);
        } finally {
            lock.release();
        }
        return seen;
    }
}
