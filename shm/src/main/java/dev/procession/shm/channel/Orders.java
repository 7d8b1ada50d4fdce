package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.BELL_AT;
import static dev.procession.shm.channel.ChannelLayout.DUMP_AT;
import static dev.procession.shm.channel.ChannelLayout.INTERRUPT_AT;

import dev.procession.shm.engine.Cells;

/**
 * What a host tells a guest that is busy, past the ring: a word for each order and a bell.
 *
 * <p>Each order names the offer it is about, so one that comes late is about something that is over, and does nothing. A
 * second order of a kind overwrites the first; the guest works on one offer at a time, so the first is out of date.
 */
public final class Orders {
    private final Cells cells;

    Orders(Cells cells) {
        this.cells = cells;
    }

    /** Wants the work on an offer interrupted. By the host. */
    public void interrupt(long offer) {
        give(INTERRUPT_AT, offer);
    }

    /** Wants to hear what all threads are at, if the guest works on that offer. By the host. */
    public void dump(long offer) {
        give(DUMP_AT, offer);
    }

    private void give(long order, long offer) {
        cells.setLongVolatile(order, offer);
        ring();
    }

    /** Has the listener look up. By either side. */
    public void ring() {
        cells.getAndAddInt(BELL_AT, 1);
        cells.wake(BELL_AT, 1);
    }

    /** How often the bell was rung; read it before the orders. */
    public int bell() {
        return cells.getIntVolatile(BELL_AT);
    }

    /** The last offer that was to be interrupted; 0 if none was. */
    public long interrupted() {
        return cells.getLongVolatile(INTERRUPT_AT);
    }

    /** The last offer to be told about; 0 if there was none. */
    public long dumped() {
        return cells.getLongVolatile(DUMP_AT);
    }

    /** Sleeps for a while at most, unless the bell was rung since. May return early. By the guest. */
    public void await(int bell, long timeoutNanos) {
        Waiting.onWord(cells, BELL_AT, bell, timeoutNanos);
    }
}
