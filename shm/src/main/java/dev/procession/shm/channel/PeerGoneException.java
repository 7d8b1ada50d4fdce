package dev.procession.shm.channel;

/** The other side of a channel has died, or the channel was closed here. */
public final class PeerGoneException extends Exception {
    private static final long serialVersionUID = 1;

    PeerGoneException(String message) {
        super(message);
    }
}
