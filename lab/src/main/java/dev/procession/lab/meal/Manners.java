package dev.procession.lab.meal;

/** How a diner goes about getting two things. */
enum Manners {
    /** Takes one, sees that everybody has taken one, and waits for the other; if told of a deadlock, begins at the other end. */
    GREEDY,
    /** Takes one, and waits for the other. */
    PATIENT,
    /** Takes one, and if the other does not come soon puts it back and tries again. */
    YIELDING
}
