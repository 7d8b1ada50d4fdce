package dev.procession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A claim that does not hold, to see that it is found out: increments without a lock. */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "Both.")
@Outcome(expect = FORBIDDEN, desc = "One was lost.")
@State
public class BareIncrements {
    private int count;

    @Actor
    public void one() {
        count++;
    }

    @Actor
    public void other() {
        count++;
    }

    @Arbiter
    public void look(I_Result result) {
        result.r1 = count;
    }
}
