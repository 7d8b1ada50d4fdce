package dev.procession.integration.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a history is linearizable: whether each call can be given one moment between its begin and its end at
 * which it takes effect, so that the object behaves as its specification says.
 *
 * <p>The search is that of Wing and Gong ("Testing and verifying concurrent objects", 1993), memoized as by Lowe ("Testing
 * for linearizability", 2017): it remembers each <i>configuration</i>, which is a state of the object and those calls
 * under way that have taken effect, and never goes on from one twice. It goes through the history in the order of time
 * and, just in time, lets calls take effect when the end of one of them demands it. So all that it keeps are the
 * configurations possible at a moment; there are few of them however long the history is, as long as few calls overlap.
 *
 * <p>A call whose process was killed in it may have taken effect until the process was gone, or not at all.
 *
 * @param <S> the state of the specification
 */
final class Linearizability<S> {
    private static final int MOST_UNDER_WAY = Long.SIZE;

    /** More are not searched: such a history decides nothing. */
    private static final int MOST_CONFIGURATIONS = 1_000_000;

    /** The state, and by bit which of the calls under way have had their effect on it. */
    private record Configuration<S>(S state, long effective) {
        Configuration<S> after(S next, int slot) {
            return new Configuration<>(next, effective | 1L << slot);
        }

        Configuration<S> forgetting(int slot) {
            return new Configuration<>(state, effective & ~(1L << slot));
        }

        boolean has(int slot) {
            return (effective & 1L << slot) != 0;
        }
    }

    /**
     * What came of it.
     *
     * @param linearizable the verdict
     * @param reason why not; empty if it is
     * @param widest the most configurations that were possible at one time
     */
    record Verdict(boolean linearizable, String reason, int widest) {}

    private record Event(long time, boolean end, Operation operation) {}

    private final Specification<S> specification;
    private final @Nullable Operation[] underWay = new Operation[MOST_UNDER_WAY];
    private Set<Configuration<S>> possible = new HashSet<>();
    private int widest = 1;

    private Linearizability(Specification<S> specification) {
        this.specification = specification;
        possible.add(new Configuration<>(specification.initial(), 0));
    }

    /** Checks a history, whose operations may come in any order. */
    static <S> Verdict check(Specification<S> specification, List<Operation> history) {
        return new Linearizability<>(specification).run(history);
    }

    private Verdict run(List<Operation> history) {
        List<Event> events = new ArrayList<>(2 * history.size());
        for (Operation operation : history) {
            if (operation.end() < operation.begin()) {
                throw new IllegalArgumentException("ends before it begins: " + operation);
            }
            events.add(new Event(operation.begin(), /* end= */ false, operation));
            events.add(new Event(operation.end(), /* end= */ true, operation));
        }
        // At the same time: the begin first, since calls that touch are not ordered.
        events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::end));
        for (Event event : events) {
            if (!event.end()) {
                underWay[freeSlot()] = event.operation();
                continue;
            }
            Set<Configuration<S>> before = possible;
            end(slotOf(event.operation()));
            if (possible.isEmpty()) {
                return new Verdict(false, explain(event.operation(), before), widest);
            }
        }
        return new Verdict(true, "", widest);
    }

    private int freeSlot() {
        return slotOf(null);
    }

    @SuppressWarnings("ReferenceEquality") // equal operations are different calls
    private int slotOf(@Nullable Operation operation) {
        for (int slot = 0; slot < MOST_UNDER_WAY; slot++) {
            if (underWay[slot] == operation) {
                return slot;
            }
        }
        throw new IllegalArgumentException("more calls at one time than can be searched: " + MOST_UNDER_WAY);
    }

    /** The call in a slot has ended: what goes on is what it has had its effect on, or could have it now. */
    private void end(int slot) {
        Operation ending = underWay[slot];
        Set<Configuration<S>> seen = new HashSet<>();
        Set<Configuration<S>> left = new HashSet<>();
        for (Configuration<S> configuration : possible) {
            if (configuration.has(slot)) {
                left.add(configuration.forgetting(slot));
            } else {
                if (!ending.returned()) {
                    left.add(configuration);
                }
                search(configuration, slot, seen, left);
            }
        }
        underWay[slot] = null;
        possible = left;
        widest = Math.max(widest, left.size());
        if (left.size() > MOST_CONFIGURATIONS) {
            throw new IllegalArgumentException("too much at the same time to decide: configurations=" + left.size());
        }
    }

    /** Lets calls under way take effect, in every order that ends with the one in the slot. */
    private void search(
            Configuration<S> configuration, int slot, Set<Configuration<S>> seen, Set<Configuration<S>> left) {
        if (!seen.add(configuration)) {
            return;
        }
        for (int other = 0; other < MOST_UNDER_WAY; other++) {
            Operation operation = underWay[other];
            if (operation == null || configuration.has(other)) {
                continue;
            }
            S next = specification.after(configuration.state(), operation);
            if (next == null) {
                continue;
            }
            if (other == slot) {
                left.add(configuration.after(next, other).forgetting(slot));
            } else {
                search(configuration.after(next, other), slot, seen, left);
            }
        }
    }

    private String explain(Operation operation, Set<Configuration<S>> before) {
        StringBuilder text = new StringBuilder("no order explains ").append(operation);
        text.append("\n  under way with it:");
        for (int slot = 0; slot < MOST_UNDER_WAY; slot++) {
            if (underWay[slot] != null) {
                text.append("\n    slot ").append(slot).append(": ").append(underWay[slot]);
            }
        }
        return text.append("\n  possible before it (state, slots that have taken effect): ")
                .append(before.stream()
                        .limit(10)
                        .map(each -> each.state() + " " + Long.toBinaryString(each.effective()))
                        .collect(Collectors.joining("; ")))
                .append(before.size() > 10 ? "; and " + (before.size() - 10) + " more" : "")
                .toString();
    }
}
