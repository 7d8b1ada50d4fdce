package dev.procession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.procession.core.JoinableQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** What was done before {@code taskDone} is seen by whoever has joined. */
@JCStressTest
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "The task was not done yet.")
@Outcome(id = "1", expect = ACCEPTABLE, desc = "The task was done, and its work is seen.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "The task was done, but not its work.")
@State
public class JoinAfterTaskDone {
    private final JoinableQueue<String> queue = new JoinableQueue<>(new ArrayBlockingQueue<>(1));
    private int work;

    public JoinAfterTaskDone() {
        queue.add("task");
        queue.remove();
    }

    @Actor
    public void worker() {
        work = 1;
        queue.taskDone();
    }

    @Actor
    public void joiner(I_Result result) {
        try {
            result.r1 = queue.join(0, TimeUnit.SECONDS) ? work : -1;
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
