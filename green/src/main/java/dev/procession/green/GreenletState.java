package dev.procession.green;

/** NEW becomes ACTIVE at the first switch, or DEAD at a throw before it. ACTIVE becomes DEAD when the function ends. */
enum GreenletState {
    NEW,
    ACTIVE,
    DEAD
}
