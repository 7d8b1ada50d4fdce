package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.CLAIMS;
import static dev.procession.shm.channel.ChannelLayout.CLAIMS_AT;

import dev.procession.shm.engine.Cells;

/**
 * Which of the host's offers the guest has begun on: one word each, so that it is true at every instant, whoever dies.
 *
 * <pre>
 *   word = offer number * 4 + state
 *
 *            offer (host)             take (guest)
 *   anything ------------> OFFERED ---------------> TAKEN     the guest runs it, or died with it
 *                             |
 *                             |  revoke (host)
 *                             +-------------------> REVOKED   the guest passes it over
 * </pre>
 *
 * <p>Taking and revoking are one compare-and-set: either the guest runs an offer, or the host has it back. A word that
 * already holds a later offer is one that was revoked. Offer numbers are counted up from 1; a place is used again by the
 * number {@link #WINDOW} later, so the host keeps offers that may be TAKEN closer together than that.
 */
public final class Claims {
    /** How far apart two offers may be that are both open. */
    public static final int WINDOW = CLAIMS;

    private static final int OFFERED = 1;
    private static final int TAKEN = 2;
    private static final int REVOKED = 3;
    private static final int STATE_MASK = 3;

    private final Cells cells;

    Claims(Cells cells) {
        this.cells = cells;
    }

    private static long placeOf(long offer) {
        return CLAIMS_AT + (offer % CLAIMS) * Long.BYTES;
    }

    private static long word(long offer, int state) {
        return offer << 2 | state;
    }

    /** Opens an offer, before its frame is sent. By the host. */
    public void offer(long offer) {
        cells.setLongVolatile(placeOf(offer), word(offer, OFFERED));
    }

    /** Begins on an offer; false if it was revoked. By the guest. */
    public boolean take(long offer) {
        return cells.casLong(placeOf(offer), word(offer, OFFERED), word(offer, TAKEN));
    }

    /** Takes an offer back; false if the guest has begun on it. By the host. */
    public boolean revoke(long offer) {
        return cells.casLong(placeOf(offer), word(offer, OFFERED), word(offer, REVOKED));
    }

    /** Whether the guest has begun on an offer. By the host. */
    public boolean isTaken(long offer) {
        return cells.getLongVolatile(placeOf(offer)) == word(offer, TAKEN);
    }

    /** How many offers the guest has neither begun on nor lost again. By anybody. */
    static int countOpen(Cells cells) {
        int open = 0;
        for (int place = 0; place < CLAIMS; place++) {
            if ((cells.getLong(CLAIMS_AT + place * (long) Long.BYTES) & STATE_MASK) == OFFERED) {
                open++;
            }
        }
        return open;
    }
}
