package dev.procession.green;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.green.ScopeModel.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/**
 * Random trees of scopes, deadlines, shields, groups, failures and cancellations behave as the {@link ScopeModel} says: every
 * wait ends at the same time in the same way, and every cancellation ends at the same scope.
 */
class ScopeModelTest {
    /** Durations are multiples of this plus a power of two of their own, so that no two things happen at one time by chance. */
    private static final long UNIT = 1L << 48;

    private static final int MOST_DURATIONS = 48;

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void scopesDoWhatTheModelSays(@ForAll("programs") List<Draft> drafts) throws Exception {
        runBoth(drafts);
    }

    @Tag("soak")
    @Property(tries = 20_000, shrinking = ShrinkingMode.BOUNDED)
    void scopesDoWhatTheModelSaysManyTimes(@ForAll("programs") List<Draft> drafts) throws Exception {
        runBoth(drafts);
    }

    private static void runBoth(List<Draft> drafts) throws Exception {
        List<Step> program = new Numbering().steps(drafts, Depth.MAIN);
        assertThat(new Trial().eventsOf(program)).as("program " + program).isEqualTo(ScopeModel.eventsOf(program));
    }

    /** What jqwik makes and shrinks: steps without numbers, and with lengths of time in units. */
    record Draft(Kind kind, int units, int otherUnits, boolean flag, List<List<Draft>> parts) {}

    enum Kind {
        SLEEP,
        SWALLOW,
        FAIL,
        MOVE,
        SHIELD,
        SCOPE,
        GROUP
    }

    @Provide
    Arbitrary<List<Draft>> programs() {
        return steps(3);
    }

    private static Arbitrary<List<Draft>> steps(int depth) {
        Arbitrary<Kind> kinds = depth == 0
                ? Arbitraries.of(Kind.SLEEP, Kind.SWALLOW, Kind.FAIL, Kind.MOVE, Kind.SHIELD)
                : Arbitraries.of(Kind.SLEEP, Kind.SWALLOW, Kind.MOVE, Kind.SCOPE, Kind.SCOPE, Kind.GROUP, Kind.FAIL);
        Arbitrary<List<List<Draft>>> parts = depth == 0
                ? Arbitraries.just(List.of())
                : steps(depth - 1).list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(1, 8),
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.of(true, false, false),
                        parts)
                .as(Draft::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    private enum Depth {
        MAIN,
        IN_SCOPE_OF_SAME_TASK
    }

    /** Gives the steps their numbers and lengths of time. What does not fit into the numbers is left out. */
    private static final class Numbering {
        private int ids;
        private int durations;

        private long duration(int units) {
            return units * UNIT + (1L << durations++);
        }

        List<Step> steps(List<Draft> drafts, Depth depth) {
            List<Step> steps = new ArrayList<>();
            for (Draft draft : drafts) {
                boolean fits = durations + 2 <= MOST_DURATIONS;
                boolean inScope = depth == Depth.IN_SCOPE_OF_SAME_TASK;
                if (fits && (inScope || (draft.kind() != Kind.MOVE && draft.kind() != Kind.SHIELD))) {
                    steps.add(step(draft));
                }
            }
            return steps;
        }

        private Step step(Draft draft) {
            int id = ids++;
            return switch (draft.kind()) {
                case SLEEP -> new Step.Sleep(id, duration(draft.units()));
                case SWALLOW -> new Step.Swallow(id, duration(draft.units()));
                case FAIL -> new Step.Fail(id, duration(draft.units()));
                case MOVE -> new Step.Move(duration(draft.units()));
                case SHIELD -> new Step.Shield(draft.flag());
                case SCOPE ->
                    new Step.Scope(
                            id,
                            duration(draft.units()),
                            draft.otherUnits() == 0 ? 0 : duration(draft.otherUnits()),
                            draft.flag(),
                            steps(draft.parts().getFirst(), Depth.IN_SCOPE_OF_SAME_TASK));
                case GROUP ->
                    new Step.Group(
                            id,
                            draft.parts().stream()
                                    .map(part -> steps(part, Depth.MAIN))
                                    .toList());
            };
        }
    }

    /** Runs a program on a loop. */
    private static final class Trial {
        private final List<String> events = new ArrayList<>();
        private EventLoop loop;

        List<String> eventsOf(List<Step> program) throws Exception {
            try (EventLoop virtual = EventLoop.builder().virtualClock().build()) {
                loop = virtual;
                virtual.runToTheEnd(() -> {
                    String end = "NORMAL";
                    try {
                        run(program, null);
                    } catch (CancellationException cancelled) {
                        end = "CANCELLED";
                    } catch (TaskGroupException | IllegalStateException failed) {
                        end = "FAILED";
                    }
                    record("end " + end);
                    return null;
                });
            }
            Collections.sort(events);
            return events;
        }

        private void record(String event) {
            events.add(event + "@" + loop.nanos());
        }

        private void run(List<Step> steps, CancelScope scope) throws Exception {
            for (Step step : steps) {
                switch (step) {
                    case Step.Sleep(int id, long nanos) -> sleep("slept " + id, nanos);
                    case Step.Swallow(int id, long nanos) -> {
                        try {
                            sleep("slept " + id, nanos);
                        } catch (TaskCancelledException cancelled) {
                            record("swallowed " + id);
                        }
                    }
                    case Step.Fail(int id, long nanos) -> {
                        sleep("fails " + id, nanos);
                        throw new IllegalStateException("step " + id);
                    }
                    case Step.Move(long nanos) -> scope.setDeadline(Duration.ofNanos(nanos));
                    case Step.Shield(boolean on) -> {
                        if (on) {
                            scope.shield();
                        } else {
                            scope.unshield();
                        }
                    }
                    case Step.Scope inner -> scope(inner);
                    case Step.Group group -> group(group);
                }
            }
        }

        private void sleep(String event, long nanos) {
            EventLoop.sleep(Duration.ofNanos(nanos));
            record(event);
        }

        private void scope(Step.Scope step) throws Exception {
            CancelScope scope = CancelScope.create();
            if (step.deadlineNanos() > 0) {
                scope.setDeadline(Duration.ofNanos(step.deadlineNanos()));
            }
            if (step.cancelAfterNanos() > 0) {
                loop.callLater(Duration.ofNanos(step.cancelAfterNanos()), scope::cancel);
            }
            if (step.shielded()) {
                scope.shield();
            }
            try {
                scope.run(() -> run(step.body(), scope));
            } finally {
                record("scope " + step.id() + (scope.isCancelCalled() ? " cancelled" : "")
                        + (scope.cancelledCaught() ? " caught" : ""));
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the group tells
        private void group(Step.Group step) {
            try (TaskGroup group = TaskGroup.open()) {
                for (List<Step> task : step.tasks()) {
                    group.start(() -> run(task, null));
                }
            }
        }
    }
}
