package dev.procession.green;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What scopes promise, said a second time and as plainly as possible: no loop, no tasks, no timers, only a program and the
 * time at which each scope is cancelled. A failure in a group cancels it at a time that follows from the rest, so the program is
 * gone through again, each time with the next such failure known, until none is new.
 */
final class ScopeModel {
    /** A program is a list of steps. Each has a number, by which its events are told apart. */
    sealed interface Step {
        /** Sleeps. */
        record Sleep(int id, long nanos) implements Step {}

        /** Sleeps, and goes on if that is cancelled. */
        record Swallow(int id, long nanos) implements Step {}

        /** Sleeps, and throws if that was not cancelled. */
        record Fail(int id, long nanos) implements Step {}

        /** Moves the deadline of the innermost scope of the same task. */
        record Move(long nanos) implements Step {}

        /** Ends the shield of the innermost scope of the same task, or begins one. */
        record Shield(boolean on) implements Step {}

        /** Does something in a scope; 0 stands for no deadline, and for nobody who cancels it by hand. */
        record Scope(int id, long deadlineNanos, long cancelAfterNanos, boolean shielded, List<Step> body)
                implements Step {}

        /** Does several things at once, each as a task. */
        record Group(int id, List<List<Step>> tasks) implements Step {}
    }

    private enum End {
        NORMAL,
        CANCELLED,
        FAILED
    }

    private record Reached(long nanos, End end) {}

    private static final long NEVER = Long.MAX_VALUE;

    /** A scope that is entered, below the one around it. */
    private static final class Entered {
        private final Entered outer;
        private long deadline = NEVER;
        private long cancelled = NEVER;
        private boolean shielded;

        Entered(Entered outer) {
            this.outer = outer;
        }

        long cancelledFrom() {
            return Math.min(deadline, cancelled);
        }

        void moveDeadline(long now, long nanos) {
            if (cancelledFrom() > now) {
                deadline = now + nanos;
            }
        }
    }

    private final Map<Integer, Long> knownFailures = new HashMap<>();
    private final Map<Integer, Long> newFailures = new HashMap<>();
    private final List<String> events = new ArrayList<>();

    private ScopeModel() {}

    /** What happens when the program runs, sorted. */
    static List<String> eventsOf(List<Step> program) {
        ScopeModel model = new ScopeModel();
        while (true) {
            model.events.clear();
            model.newFailures.clear();
            Reached end = model.run(program, 0, null);
            model.events.add("end " + end.end() + "@" + end.nanos());
            var next = model.newFailures.entrySet().stream()
                    .filter(failure -> failure.getValue() < model.knownFailures.getOrDefault(failure.getKey(), NEVER))
                    .min(Map.Entry.comparingByValue());
            if (next.isEmpty()) {
                Collections.sort(model.events);
                return model.events;
            }
            model.knownFailures.put(next.get().getKey(), next.get().getValue());
        }
    }

    private static long cancelledFrom(Entered innermost) {
        long from = NEVER;
        for (Entered each = innermost; each != null; each = each.shielded ? null : each.outer) {
            from = Math.min(from, each.cancelledFrom());
        }
        return from;
    }

    private Reached run(List<Step> steps, long start, Entered scope) {
        long now = start;
        for (Step step : steps) {
            Reached reached = switch (step) {
                case Step.Sleep(int id, long nanos) -> sleep("slept " + id, nanos, now, scope);
                case Step.Swallow(int id, long nanos) -> swallow(id, nanos, now, scope);
                case Step.Fail(int id, long nanos) -> fail(id, nanos, now, scope);
                case Step.Move(long nanos) -> {
                    scope.moveDeadline(now, nanos);
                    yield new Reached(now, End.NORMAL);
                }
                case Step.Shield(boolean on) -> {
                    scope.shielded = on;
                    yield new Reached(now, End.NORMAL);
                }
                case Step.Scope inner -> scope(inner, now, scope);
                case Step.Group group -> group(group, now, scope);
            };
            now = reached.nanos();
            if (reached.end() != End.NORMAL) {
                return reached;
            }
        }
        return new Reached(now, End.NORMAL);
    }

    private Reached sleep(String event, long nanos, long now, Entered scope) {
        long cancelled = cancelledFrom(scope);
        if (cancelled <= now
                || cancelled < now + nanos) { // what is cancelled as this ends is cancelled because it ends
            return new Reached(Math.max(now, cancelled), End.CANCELLED);
        }
        events.add(event + "@" + (now + nanos));
        return new Reached(now + nanos, End.NORMAL);
    }

    private Reached swallow(int id, long nanos, long now, Entered scope) {
        Reached slept = sleep("slept " + id, nanos, now, scope);
        if (slept.end() == End.CANCELLED) {
            events.add("swallowed " + id + "@" + slept.nanos());
        }
        return new Reached(slept.nanos(), End.NORMAL);
    }

    private Reached fail(int id, long nanos, long now, Entered scope) {
        Reached slept = sleep("fails " + id, nanos, now, scope);
        return slept.end() == End.NORMAL ? new Reached(slept.nanos(), End.FAILED) : slept;
    }

    private Reached scope(Step.Scope step, long now, Entered outer) {
        Entered scope = new Entered(outer);
        scope.deadline = step.deadlineNanos() == 0 ? NEVER : now + step.deadlineNanos();
        scope.cancelled = step.cancelAfterNanos() == 0 ? NEVER : now + step.cancelAfterNanos();
        scope.shielded = step.shielded();
        Reached reached = run(step.body(), now, scope);
        boolean cancelled = scope.cancelledFrom() <= reached.nanos();
        boolean endsHere = reached.end() == End.CANCELLED
                && cancelled
                && (scope.shielded || cancelledFrom(outer) > reached.nanos());
        events.add("scope " + step.id() + (cancelled ? " cancelled" : "") + (endsHere ? " caught" : "") + "@"
                + reached.nanos());
        return endsHere ? new Reached(reached.nanos(), End.NORMAL) : reached;
    }

    private Reached group(Step.Group step, long now, Entered outer) {
        Entered scope = new Entered(outer);
        scope.cancelled = knownFailures.getOrDefault(step.id(), NEVER);
        long last = now;
        boolean failed = false;
        for (List<Step> task : step.tasks()) {
            if (cancelledFrom(scope) <= now) {
                continue; // it never starts
            }
            Reached reached = run(task, now, scope);
            last = Math.max(last, reached.nanos());
            if (reached.end() == End.FAILED) {
                failed = true;
                newFailures.merge(step.id(), reached.nanos(), Math::min);
            }
        }
        if (failed) {
            return new Reached(last, End.FAILED);
        }
        return new Reached(last, cancelledFrom(outer) <= last ? End.CANCELLED : End.NORMAL);
    }
}
