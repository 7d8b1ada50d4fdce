package dev.procession.lab.stage;

import dev.procession.shm.SharedLock;
import java.io.Serializable;
import java.util.List;

/**
 * Holds children back at the start of each round until all are there, so that they rush together; a JVM takes longer to
 * start than most rushes last.
 *
 * <p>Two gates take turns, each a lock that the parent holds while it is shut. A gate is shut again before the other
 * opens, so nobody can run ahead by a round.
 */
public final class StartingLine implements AutoCloseable, Serializable {
    private static final long serialVersionUID = 1L;

    private final SharedLock evenGate = SharedLock.create();
    private final SharedLock oddGate = SharedLock.create();

    private StartingLine() {}

    /** A line whose gates are shut. */
    public static StartingLine shut() {
        StartingLine line = new StartingLine();
        line.evenGate.lock();
        line.oddGate.lock();
        return line;
    }

    private SharedLock gate(int round) {
        return round % 2 == 0 ? evenGate : oddGate;
    }

    /** For a child: waits until the round's gate is open, then does something on the way through, where nobody else is. */
    public void cross(int round, Runnable onTheWay) {
        SharedLock gate = gate(round);
        gate.lock();
        try {
            onTheWay.run();
        } finally {
            gate.unlock();
        }
    }

    /** For the parent: opens the round's gate. */
    public void open(int round) {
        gate(round).unlock();
    }

    /** For the parent: shuts the round's gate again, once all are through. */
    @SuppressWarnings("LockNotBeforeTry") // It stays locked until it is opened again.
    public void shut(int round) {
        gate(round).lock();
    }

    /** Takes it away. */
    @Override
    public void close() {
        List.of(evenGate, oddGate).forEach(SharedLock::close);
    }
}
