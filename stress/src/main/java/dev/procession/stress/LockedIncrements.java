package dev.procession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.procession.shm.SharedLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A shared lock orders Java's own memory too: no increment under it is lost. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "Both.")
@Outcome(expect = FORBIDDEN, desc = "One was lost.")
@State
public class LockedIncrements {
    private static final SharedLock LOCK = SharedLock.create();
    private int count;

    private void increment() {
        LOCK.lock();
        try {
            count++;
        } finally {
            LOCK.unlock();
        }
    }

    @Actor
    public void one() {
        increment();
    }

    @Actor
    public void other() {
        increment();
    }

    @Arbiter
    public void look(I_Result result) {
        result.r1 = count;
    }
}
