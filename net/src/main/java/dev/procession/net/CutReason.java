package dev.procession.net;

/** Why a server closed a connection under its handler. */
enum CutReason {
    IDLE("the peer sent nothing for too long"),
    SLOW("a line or frame took the peer too long"),
    STALLED("the peer took no bytes for too long"),
    HANDSHAKE("the handshake took too long"),
    DRAINED("the server was ending, and the time for that was over"),
    CLOSED("the server was closed");

    final String text;

    CutReason(String text) {
        this.text = text;
    }
}
