package dev.procession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.procession.core.LifoBlockingQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What was done before an element is put is seen by whoever takes it. */
@JCStressTest
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Nothing was there yet.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The element, and what was done before it was put.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "The element as it was before.")
@State
public class LifoHandOff {
    private static final class Parcel {
        int content;
    }

    private final LifoBlockingQueue<Parcel> queue = new LifoBlockingQueue<>(1);
    private final Parcel parcel = new Parcel();

    @Actor
    public void putter() {
        parcel.content = 1;
        queue.add(parcel);
    }

    @Actor
    public void taker(I_Result result) {
        Parcel taken = queue.poll();
        result.r1 = taken == null ? -1 : taken.content;
    }
}
