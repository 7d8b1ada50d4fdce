package dev.procession.shm.queue;

import static dev.procession.shm.queue.QueueLayout.ATTENTION_AT;
import static dev.procession.shm.queue.QueueLayout.DONE_AT;
import static dev.procession.shm.queue.QueueLayout.JOURNAL_AT;
import static dev.procession.shm.queue.QueueLayout.JOURNAL_ENTRY_AT;
import static dev.procession.shm.queue.QueueLayout.LEASED_AT;
import static dev.procession.shm.queue.QueueLayout.LETTERS_AT;
import static dev.procession.shm.queue.QueueLayout.MOST_DELIVERIES_AT;
import static dev.procession.shm.queue.QueueLayout.MOST_LETTERS;
import static dev.procession.shm.queue.QueueLayout.REMOVED_AT;
import static dev.procession.shm.queue.QueueLayout.RETURNED_AT;
import static dev.procession.shm.queue.QueueLayout.SLOTS_USED_AT;
import static dev.procession.shm.queue.QueueLayout.TOKENS_AT;

import dev.procession.shm.engine.AttachedSpace;
import dev.procession.shm.engine.Cells;
import dev.procession.shm.engine.Entry;

/**
 * What happens to items after they left the stream, and how many are finished. Used under the take lock alone.
 *
 * <p>A change that is one store needs no more than that. One that also finishes an item is two, of which a death must not
 * leave one: it is first written to the journal (entry, then what it is, with release), then done, then the journal is
 * cleared. Whoever gets the lock from a dead owner does what the journal says once more; doing it twice is doing it once,
 * because the entry holds the count of finished items as it is afterwards.
 *
 * <pre>
 *   SETTLE slot     the slot is free
 *   BURY slot       the slot is a dead letter, to be delivered from there
 *   REMOVE place    the record there is REMOVED
 *   FILE slot       the record of the slot, a LETTER, is REMOVED: the slot alone has it from now on
 * </pre>
 */
final class Deliveries {
    private static final int SETTLE = 1;
    private static final int BURY = 2;
    private static final int REMOVE = 3;
    private static final int FILE = 4;

    private final AttachedSpace space;
    private final Cells payload;
    private final Cells heap;
    private final LeaseTable leases;
    private final int mostDeliveries;

    Deliveries(Entry entry, LeaseTable leases) {
        this.space = entry.space();
        this.payload = entry.payload();
        this.heap = entry.heap();
        this.leases = leases;
        this.mostDeliveries = heap.getInt(MOST_DELIVERIES_AT);
    }

    /** Which items. */
    enum Sort {
        ITEMS(0),
        LETTERS(LeaseTable.LETTER);

        final int bit;

        Sort(int bit) {
            this.bit = bit;
        }

        boolean matches(long word) {
            return ((int) word & LeaseTable.LETTER) == bit;
        }
    }

    // ---- looking for what came back ----

    /** Whether a lease may have run out, or an item's time has come; for all we know without looking. */
    boolean isDue() {
        long attention = payload.getLong(ATTENTION_AT);
        return attention != 0 && System.nanoTime() - attention >= 0;
    }

    /**
     * Takes back what ran out or belonged to the dead, and finds the item that is to be delivered next.
     *
     * @return its slot, RETURNED; or -1
     */
    int nextReturned(Sort sort) {
        long now = System.nanoTime();
        int best = -1;
        long attention = 0;
        int used = leases.used();
        for (int slot = 0; slot < used; slot++) {
            takeBackFromTheGone(slot, now);
            long word = leases.word(slot);
            if (LeaseTable.state(word) == LeaseTable.FREE || !sort.matches(word)) {
                continue;
            }
            boolean leased = LeaseTable.state(word) == LeaseTable.LEASED;
            long time = leased ? leases.until(slot) : leases.notBefore(slot);
            attention = earlier(attention, time);
            if (!leased && now - time >= 0 && (best < 0 || leases.order(slot) - leases.order(best) < 0)) {
                best = slot;
            }
        }
        if (sort == Sort.ITEMS) {
            payload.setLong(ATTENTION_AT, attention);
        }
        return best;
    }

    private void takeBackFromTheGone(int slot, long now) {
        long word = leases.word(slot);
        if (LeaseTable.state(word) == LeaseTable.LEASED
                && (now - leases.until(slot) >= 0 || space.isDead(leases.owner(slot)))) {
            giveBack(slot, word, now);
        } else if (isPoison(word)) {
            bury(slot); // there was no room for it when it came back
        }
    }

    /** Delivered as often as allowed, and back again. */
    private boolean isPoison(long word) {
        return LeaseTable.state(word) == LeaseTable.RETURNED
                && !LeaseTable.isLetter(word)
                && LeaseTable.deliveries(word) >= mostDeliveries
                && letters() < MOST_LETTERS;
    }

    private static long earlier(long attention, long time) {
        long nonZero = time == 0 ? 1 : time;
        return attention == 0 || nonZero - attention < 0 ? nonZero : attention;
    }

    private void attendAt(long time) {
        payload.setLong(ATTENTION_AT, earlier(payload.getLong(ATTENTION_AT), time));
    }

    // ---- delivering ----

    /** Leases the item of a slot, RETURNED or just prepared, to this member; the result is its word. */
    long lease(int slot, Sort sort, long untilNanoTime) {
        long word = leases.word(slot);
        boolean returned = LeaseTable.state(word) == LeaseTable.RETURNED;
        int deliveries = returned ? Math.min(LeaseTable.deliveries(word) + 1, LeaseTable.MOST_DELIVERIES) : 1;
        long token = payload.getLong(TOKENS_AT) + 1;
        payload.setLong(TOKENS_AT, token);
        leases.setOwner(slot, space.stamp());
        leases.setUntil(slot, untilNanoTime);
        long leased = LeaseTable.word(token, deliveries, sort.bit | LeaseTable.LEASED);
        leases.setWord(slot, leased);
        if (sort == Sort.ITEMS) {
            add(LEASED_AT, 1);
            add(RETURNED_AT, returned ? -1 : 0);
            attendAt(untilNanoTime);
        }
        return leased;
    }

    /** Takes the item of a RETURNED slot for good; who took it finishes it. */
    void take(int slot) {
        long word = leases.word(slot);
        leases.setWord(slot, 0);
        add(LeaseTable.isLetter(word) ? LETTERS_AT : RETURNED_AT, -1);
        forgetIfNoneLeft();
    }

    /** The slot's word if the lease with that token still lasts, else 0. */
    long leased(int slot, long token) {
        long word = leases.word(slot);
        boolean same = LeaseTable.token(word) == token && LeaseTable.state(word) == LeaseTable.LEASED;
        return same && System.nanoTime() - leases.until(slot) < 0 ? word : 0;
    }

    void renew(int slot, long untilNanoTime) {
        leases.setUntil(slot, untilNanoTime);
        attendAt(untilNanoTime);
    }

    /** LEASED becomes RETURNED, not to be delivered before a time; or a dead letter, if it was delivered too often. */
    void giveBack(int slot, long word, long notBeforeNanoTime) {
        leases.setNotBefore(slot, notBeforeNanoTime);
        boolean letter = LeaseTable.isLetter(word);
        long returned = LeaseTable.with(word, LeaseTable.RETURNED | (letter ? LeaseTable.LETTER : 0));
        leases.setWord(slot, returned);
        if (!letter) {
            add(LEASED_AT, -1);
            add(RETURNED_AT, 1);
            attendAt(notBeforeNanoTime);
            if (isPoison(returned)) {
                bury(slot);
            }
        }
    }

    /** Finishes an item whose slot is LEASED or RETURNED. A dead letter was finished when it was buried. */
    void settle(int slot) {
        long word = leases.word(slot);
        if (LeaseTable.isLetter(word)) {
            leases.setWord(slot, 0);
            add(LETTERS_AT, -1);
        } else {
            write(SETTLE, slot);
            leases.setWord(slot, 0);
            finishJournal();
            add(LeaseTable.state(word) == LeaseTable.LEASED ? LEASED_AT : RETURNED_AT, -1);
        }
        forgetIfNoneLeft();
    }

    /** Makes a dead letter of an item whose slot is LEASED or RETURNED. */
    void bury(int slot) {
        long word = leases.word(slot);
        leases.setNotBefore(slot, System.nanoTime());
        write(BURY, slot);
        leases.setWord(slot, buried(word));
        finishJournal();
        add(LeaseTable.state(word) == LeaseTable.LEASED ? LEASED_AT : RETURNED_AT, -1);
        add(LETTERS_AT, 1);
    }

    private static long buried(long word) {
        return LeaseTable.with(word, LeaseTable.LETTER | LeaseTable.RETURNED);
    }

    /** Puts a leased dead letter behind all others. */
    void buryAgain(int slot, long word, int order) {
        leases.setNotBefore(slot, System.nanoTime());
        leases.prepare(slot, leases.recordOffset(slot), order);
        leases.setWord(slot, buried(word));
    }

    /** Takes a record out of the middle of the stream, and finishes it. */
    void remove(long offset) {
        write(REMOVE, Position.place(offset));
        Records.markRemoved(heap, offset, heap.getLong(offset));
        finishJournal();
        add(REMOVED_AT, 1);
    }

    /** Moves a LETTER of the stream to a free slot; false if there is none left for letters. */
    boolean file(long offset, int order) {
        int slot = letters() < MOST_LETTERS ? leases.findFree() : -1;
        if (slot < 0) {
            return false;
        }
        leases.prepare(slot, offset, order);
        leases.setNotBefore(slot, System.nanoTime());
        leases.setWord(slot, buried(LeaseTable.word(/* token= */ 0, /* deliveries= */ 1, 0)));
        write(FILE, slot);
        Records.markRemoved(heap, offset, heap.getLong(offset));
        finishJournal();
        add(LETTERS_AT, 1);
        add(REMOVED_AT, 1);
        return true;
    }

    // ---- counting ----

    int done() {
        return payload.getIntAcquire(DONE_AT);
    }

    void finishOne() {
        payload.setIntRelease(DONE_AT, done() + 1);
    }

    int leased() {
        return payload.getIntAcquire(LEASED_AT);
    }

    int returned() {
        return payload.getIntAcquire(RETURNED_AT);
    }

    int letters() {
        return payload.getIntAcquire(LETTERS_AT);
    }

    int removed() {
        return payload.getIntAcquire(REMOVED_AT);
    }

    private void add(long counterAt, int delta) {
        if (delta != 0) {
            payload.setIntRelease(counterAt, payload.getInt(counterAt) + delta);
        }
    }

    /** With no slot in use there is nothing to attend to, and the put side need not look for islands. */
    private void forgetIfNoneLeft() {
        if (leased() == 0 && returned() == 0) {
            payload.setLong(ATTENTION_AT, 0);
            if (letters() == 0) {
                payload.setIntRelease(SLOTS_USED_AT, 0);
            }
        }
    }

    // ---- journal and recovery ----

    private void write(int operation, int target) {
        payload.setLong(JOURNAL_ENTRY_AT, ((long) target << 32) | Integer.toUnsignedLong(done() + 1));
        payload.setIntRelease(JOURNAL_AT, operation);
    }

    private void finishJournal() {
        payload.setIntRelease(DONE_AT, (int) payload.getLong(JOURNAL_ENTRY_AT));
        payload.setIntRelease(JOURNAL_AT, 0);
    }

    /** Does what the journal says, undoes what did not get as far as leaving the stream, and counts anew. */
    void recover(RecordStream stream) {
        replay();
        long[] first = {-1};
        int[] removed = {0};
        stream.walk((offset, header, order) -> {
            if (first[0] < 0) {
                first[0] = offset;
                freeSlotOf(offset, Sort.ITEMS); // noted as leased, but HEAD did not move
            }
            switch (Records.kind(header)) {
                case Records.LETTER -> freeSlotOf(offset, Sort.LETTERS); // its slot was filled, but the journal not
                case Records.REMOVED -> removed[0]++;
                default -> {}
            }
        });
        payload.setIntRelease(REMOVED_AT, removed[0]);
        count();
    }

    private void freeSlotOf(long recordOffset, Sort sort) {
        int used = leases.used();
        for (int slot = 0; slot < used; slot++) {
            long word = leases.word(slot);
            if (LeaseTable.state(word) != LeaseTable.FREE
                    && sort.matches(word)
                    && leases.recordOffset(slot) == recordOffset) {
                leases.setWord(slot, 0);
            }
        }
    }

    private void count() {
        int leased = 0;
        int returned = 0;
        int letters = 0;
        int used = leases.used();
        for (int slot = 0; slot < used; slot++) {
            long word = leases.word(slot);
            boolean free = LeaseTable.state(word) == LeaseTable.FREE;
            boolean letter = LeaseTable.isLetter(word);
            letters += !free && letter ? 1 : 0;
            leased += !letter && LeaseTable.state(word) == LeaseTable.LEASED ? 1 : 0;
            returned += !letter && LeaseTable.state(word) == LeaseTable.RETURNED ? 1 : 0;
        }
        payload.setIntRelease(LEASED_AT, leased);
        payload.setIntRelease(RETURNED_AT, returned);
        payload.setIntRelease(LETTERS_AT, letters);
        payload.setLong(ATTENTION_AT, leased + returned == 0 ? 0 : earlier(0, System.nanoTime()));
    }

    private void replay() {
        int operation = payload.getIntAcquire(JOURNAL_AT);
        int target = (int) (payload.getLong(JOURNAL_ENTRY_AT) >>> 32);
        switch (operation) {
            case 0 -> {
                return;
            }
            case SETTLE -> leases.setWord(target, 0);
            case BURY -> leases.setWord(target, buried(leases.word(target)));
            case REMOVE -> removeAgain(Position.offsetOfPlace(target));
            case FILE -> removeAgain(leases.recordOffset(target));
            default ->
                throw new IllegalStateException(
                        "shared memory is damaged: journal=" + operation + ", in " + heap.owner());
        }
        finishJournal();
    }

    private void removeAgain(long offset) {
        Records.markRemoved(heap, offset, heap.getLong(offset));
    }
}
