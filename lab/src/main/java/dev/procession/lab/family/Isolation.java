package dev.procession.lab.family;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Table;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process has its own variables: what a child sets, the parent does not see; what a thread sets, it does. */
public final class Isolation implements Experiment {
    private static final int BEFORE = 10;
    private static final int AFTER = 100;

    /** The variable of the course: {@code n = 10}. Volatile, so that a thread's write is seen. */
    private static volatile int n = BEFORE;

    @Override
    public String id() {
        return "isolation";
    }

    @Override
    public String title() {
        return "a child process changes its own n, not ours";
    }

    @Override
    public String section() {
        return "3.9, 4.10.3";
    }

    /** The course's task: sets n and says what it sees. */
    private static void task() {
        n = AFTER;
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        int[] captured = {BEFORE};
        n = BEFORE;
        String seenByChild;
        long childPid;
        try (Cast cast = Cast.within(Duration.ofSeconds(60))) {
            Actor child = cast.start("Process-n", () -> {
                task();
                captured[0] = AFTER;
                Diary.marks(Doing.SEES, n + " " + captured[0]);
            });
            cast.awaitEnds();
            childPid = child.pid();
            seenByChild = child.entries(Doing.SEES).getFirst().text();
        }
        int afterChild = n;
        Thread thread = new Thread(Isolation::task, "Thread-n");
        thread.start();
        thread.join();
        int afterThread = n;
        return outcome(childPid, seenByChild, captured[0], afterChild, afterThread);
    }

    private static Outcome outcome(long childPid, String seenByChild, int captured, int afterChild, int afterThread) {
        boolean childChangedItsOwn = seenByChild.equals(AFTER + " " + AFTER);
        boolean shown = childChangedItsOwn && afterChild == BEFORE && captured == BEFORE && afterThread == AFTER;
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("a child JVM", "its own copy", seenByChild.split(" ", 2)[0], String.valueOf(afterChild)));
        rows.add(List.of("a thread", "ours", String.valueOf(afterThread), String.valueOf(afterThread)));
        Figures figures = Figures.none()
                .with("before", BEFORE, "n in the parent at the start")
                .with("seenByChild", seenByChild, "n in the child after it set it, and an array it captured")
                .with("afterChild", afterChild, "n in the parent afterwards")
                .with("capturedAfterChild", captured, "the captured array in the parent afterwards")
                .with("afterThread", afterThread, "n in the parent after a thread of ours set it")
                .withUnprinted("pids", List.of(childPid))
                .with("parentPid", ProcessHandle.current().pid(), "this JVM's; the child's is " + childPid);
        return Outcome.of(
                        Verdict.of(shown),
                        shown
                                ? "the child set its n to 100 and ours stayed 10; a thread set ours to 100"
                                : "the variables are not as isolated, or not as shared, as they should be",
                        figures)
                .with(
                        "n = 10; then n = 100 is set by",
                        new Table(List.of("who", "which n", "it sees", "the parent sees"), rows));
    }
}
