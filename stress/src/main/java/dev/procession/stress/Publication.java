package dev.procession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.procession.shm.engine.Cells;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** The commit of every structure: what was stored to shared memory before a release store is there for an acquiring load. */
@JCStressTest
@Outcome(id = "0, .*", expect = ACCEPTABLE, desc = "Not committed yet: nobody looks further.")
@Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "Committed, and whole.")
@Outcome(expect = FORBIDDEN, desc = "Committed, and not whole.")
@State
public class Publication {
    private static final long COMMIT_AT = 0;
    private static final long RECORD_AT = 64;

    private final Cells room = SharedRooms.next();

    @Actor
    public void writer() {
        room.setLong(RECORD_AT, 7);
        room.setLongRelease(COMMIT_AT, 1);
    }

    @Actor
    public void reader(JJ_Result result) {
        result.r1 = room.getLongAcquire(COMMIT_AT);
        result.r2 = room.getLong(RECORD_AT);
    }
}
