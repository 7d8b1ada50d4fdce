package dev.procession.lab.cpu;

import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives a processor to one real process at a time: all others are stopped. A quantum is processor time, as a system's own
 * scheduler counts it, so a busy machine makes turns longer but not fewer. For one thread.
 */
final class Dispatcher {
    private static final Duration LOOK_EVERY = Duration.ofMillis(1);

    private final Cast cast;
    private final Signaller signaller;
    private final Map<Actor, List<Lanes.Span>> turns = new LinkedHashMap<>();

    /**
     * A dispatcher.
     *
     * @param cast whose children they are; its patience bounds all waits
     * @param signaller stops and resumes them
     */
    Dispatcher(Cast cast, Signaller signaller) {
        this.cast = cast;
        this.signaller = signaller;
    }

    /** Stops all, and waits until they stand. */
    void stopAll(List<Actor> processes) throws InterruptedException {
        for (Actor process : processes) {
            signaller.stop(process.pid());
        }
        for (Actor process : processes) {
            while (!isStopped(process.pid())) {
                cast.ensurePatience(process.name() + " to stop");
                Thread.sleep(LOOK_EVERY);
            }
        }
    }

    /**
     * Runs them in turn until all are done.
     *
     * @param queue in the order of their first turns
     * @param quantum how much processor time a turn has; a process that needs more goes to the end
     */
    void run(List<Actor> queue, Duration quantum) throws InterruptedException {
        Deque<Actor> ready = new ArrayDeque<>(queue);
        while (!ready.isEmpty()) {
            Actor process = ready.removeFirst();
            if (!turn(process, quantum)) {
                ready.addLast(process);
            }
        }
    }

    /** One turn; true if the process is done. */
    private boolean turn(Actor process, Duration quantum) throws InterruptedException {
        ThreadClock clock =
                ThreadClock.of(process.entries(Doing.TELLS_THREAD).getFirst().text());
        long usedBefore = clock.read().runNanos();
        long began = System.nanoTime();
        signaller.resume(process.pid());
        boolean done = false;
        while (!done && clock.read().runNanos() - usedBefore < quantum.toNanos()) {
            cast.ensurePatience(process.name() + " to use its quantum");
            done = cast.awaitFor(LOOK_EVERY, () -> process.has(Doing.DONE));
        }
        if (!done) {
            signaller.stop(process.pid());
            done = process.has(Doing.DONE);
            if (done) { // Between our last look and the signal.
                signaller.resume(process.pid());
            }
        }
        turns.computeIfAbsent(process, _ -> new ArrayList<>())
                .add(new Lanes.Span(began, System.nanoTime(), Doing.RUNNING.tint()));
        return done;
    }

    /** The turns a process had. */
    List<Lanes.Span> turns(Actor process) {
        return List.copyOf(turns.getOrDefault(process, List.of()));
    }

    private static boolean isStopped(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 1).startsWith(" T");
        } catch (IOException e) {
            throw new BrokenRunException("process " + pid + " is gone before its first turn", e);
        }
    }
}
