package dev.procession.process.manager;

/** An object in which clients leave something behind that others wait for. */
interface Bereaved {
    /** Takes back what belonged to a client that is gone. It is marked as such before. */
    void bury(Session gone);
}
