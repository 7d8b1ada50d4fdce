package dev.procession.integration.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.integration.linearizability.Queues.Call;
import dev.procession.integration.linearizability.Queues.FirstInFirstOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The judge is judged: by histories whose verdict is known, and by a naive judge that tries every order. */
class LinearizabilityCheckerTest {
    private static final int CAPACITY = 2;
    private static final Specification<List<Long>> FIFO = new FirstInFirstOut(CAPACITY);

    private static boolean linearizable(Operation... history) {
        return Linearizability.check(FIFO, List.of(history)).linearizable();
    }

    private static Operation put(long item, long begin, long end) {
        return new Operation(0, Call.OFFER, item, 1, begin, end, true);
    }

    private static Operation refused(long item, long begin, long end) {
        return new Operation(0, Call.OFFER, item, 0, begin, end, true);
    }

    private static Operation got(long item, long begin, long end) {
        return new Operation(1, Call.POLL, Operation.NOTHING, item, begin, end, true);
    }

    private static Operation gotNothing(long begin, long end) {
        return got(Operation.NOTHING, begin, end);
    }

    private static Operation killedPutting(long item, long begin, long goneAt) {
        return new Operation(2, Call.OFFER, item, 0, begin, goneAt, false);
    }

    private static Operation killedTaking(long begin, long goneAt) {
        return new Operation(2, Call.POLL, Operation.NOTHING, 0, begin, goneAt, false);
    }

    @Test
    void calls_one_after_the_other_keep_their_order() {
        assertThat(linearizable(put(1, 1, 2), put(2, 3, 4), got(1, 5, 6), got(2, 7, 8), gotNothing(9, 10)))
                .isTrue();
        assertThat(linearizable(put(1, 1, 2), put(2, 3, 4), got(2, 5, 6))).isFalse();
    }

    @Test
    void calls_at_the_same_time_have_either_order() {
        assertThat(linearizable(put(1, 1, 4), put(2, 2, 3), got(1, 5, 6))).isTrue();
        assertThat(linearizable(put(1, 1, 4), put(2, 2, 3), got(2, 5, 6))).isTrue();
        assertThat(linearizable(put(1, 1, 4), put(2, 2, 3), got(2, 5, 6), got(2, 7, 8)))
                .isFalse();
    }

    @Test
    void calls_that_touch_are_not_ordered() {
        assertThat(linearizable(put(1, 1, 2), gotNothing(2, 3))).isTrue();
        assertThat(linearizable(put(1, 1, 2), gotNothing(3, 4))).isFalse();
    }

    @Test
    void nothing_comes_out_twice_or_from_nowhere_or_too_early() {
        assertThat(linearizable(put(1, 1, 2), got(1, 3, 4), got(1, 5, 6))).isFalse();
        assertThat(linearizable(put(1, 1, 2), got(7, 3, 4))).isFalse();
        assertThat(linearizable(got(1, 1, 2), put(1, 3, 4))).isFalse();
        assertThat(linearizable(got(1, 1, 4), put(1, 2, 3))).isTrue();
    }

    @Test
    void a_queue_is_neither_full_nor_empty_without_reason() {
        assertThat(linearizable(put(1, 1, 2), put(2, 3, 4), refused(3, 5, 6))).isTrue();
        assertThat(linearizable(put(1, 1, 2), refused(3, 3, 4))).isFalse();
        assertThat(linearizable(put(1, 1, 2), put(2, 3, 4), put(3, 5, 6))).isFalse();
        assertThat(linearizable(put(1, 1, 2), gotNothing(3, 4))).isFalse();
    }

    /** What one call saw binds what others can have seen: a verdict on each alone would let this pass. */
    @Test
    void two_calls_cannot_have_seen_two_orders() {
        Operation seesOne = new Operation(3, Call.PEEK, Operation.NOTHING, 1, 5, 6, true);
        Operation seesTwo = new Operation(4, Call.PEEK, Operation.NOTHING, 2, 7, 8, true);
        assertThat(linearizable(put(1, 1, 4), put(2, 2, 3), seesOne)).isTrue();
        assertThat(linearizable(put(1, 1, 4), put(2, 2, 3), seesTwo)).isTrue();
        assertThat(linearizable(put(1, 1, 4), put(2, 2, 3), seesOne, seesTwo)).isFalse();
    }

    @Test
    void a_call_that_was_killed_has_taken_effect_or_not() {
        assertThat(linearizable(killedPutting(1, 1, 3), got(1, 5, 6))).isTrue();
        assertThat(linearizable(killedPutting(1, 1, 3), gotNothing(5, 6))).isTrue();
        assertThat(linearizable(put(1, 1, 2), killedTaking(3, 5), got(1, 7, 8))).isTrue();
        assertThat(linearizable(put(1, 1, 2), killedTaking(3, 5), gotNothing(7, 8)))
                .isTrue();
    }

    @Test
    void a_call_that_was_killed_takes_no_effect_twice_nor_after_its_end_nor_before_its_begin() {
        assertThat(linearizable(killedPutting(1, 1, 3), gotNothing(5, 6), got(1, 7, 8)))
                .isFalse();
        assertThat(linearizable(killedPutting(1, 1, 3), got(1, 5, 6), got(1, 7, 8)))
                .isFalse();
        assertThat(linearizable(got(1, 1, 2), killedPutting(1, 3, 5))).isFalse();
        assertThat(linearizable(put(1, 1, 2), put(2, 3, 4), killedTaking(5, 7), gotNothing(8, 9)))
                .isFalse();
    }

    @Test
    void a_wrong_specification_is_told_from_the_right_one() {
        Specification<List<Long>> lastInFirstOut = new Specification<>() {
            @Override
            public List<Long> initial() {
                return FIFO.initial();
            }

            @Override
            public @Nullable List<Long> after(List<Long> items, Operation operation) {
                if (operation.call() == Call.OFFER) {
                    return FIFO.after(items, operation);
                }
                List<Long> next = FIFO.after(items.reversed(), operation);
                return next == null ? null : List.copyOf(next.reversed());
            }
        };
        List<Operation> history = List.of(put(1, 1, 2), put(2, 3, 4), got(1, 5, 6), got(2, 7, 8));
        assertThat(Linearizability.check(FIFO, history).linearizable()).isTrue();
        Linearizability.Verdict verdict = Linearizability.check(lastInFirstOut, history);
        assertThat(verdict.linearizable()).isFalse();
        assertThat(verdict.reason()).contains("POLL");
    }

    @Test
    void a_long_history_takes_no_longer_the_longer_it_is() {
        List<Operation> history = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            history.add(put(i, 10L * i, 10L * i + 4));
            history.add(got(i, 10L * i + 2, 10L * i + 6));
        }
        Linearizability.Verdict verdict = Linearizability.check(FIFO, history);
        assertThat(verdict.linearizable()).isTrue();
        assertThat(verdict.widest()).isLessThan(10);
        history.add(got(5, 3_000_000, 3_000_001));
        assertThat(Linearizability.check(FIFO, history).linearizable()).isFalse();
    }

    @Test
    void a_call_that_ends_before_it_begins_is_no_history() {
        assertThatThrownBy(() -> linearizable(put(1, 2, 1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void agrees_with_a_judge_that_tries_every_order() {
        Random random = new Random(20);
        int linearizable = 0;
        int trials = 20_000;
        for (int trial = 0; trial < trials; trial++) {
            List<Operation> history = new ArrayList<>();
            int calls = 1 + random.nextInt(6);
            for (int i = 0; i < calls; i++) {
                history.add(anything(random));
            }
            boolean expected = triesEveryOrder(FIFO.initial(), history);
            assertThat(Linearizability.check(FIFO, history).linearizable())
                    .as("%s", history)
                    .isEqualTo(expected);
            linearizable += expected ? 1 : 0;
        }
        assertThat(linearizable).as("both verdicts came up").isBetween(trials / 20, trials * 19 / 20);
    }

    private static Operation anything(Random random) {
        long begin = random.nextInt(12);
        long end = begin + random.nextInt(6);
        boolean returned = random.nextInt(5) > 0;
        return switch (random.nextInt(3)) {
            case 0 ->
                new Operation(
                        0, Call.OFFER, 1 + random.nextInt(2), random.nextInt(4) == 0 ? 0 : 1, begin, end, returned);
            case 1 -> new Operation(1, Call.POLL, Operation.NOTHING, seen(random), begin, end, returned);
            default -> new Operation(2, Call.PEEK, Operation.NOTHING, seen(random), begin, end, returned);
        };
    }

    private static long seen(Random random) {
        int item = random.nextInt(3);
        return item == 0 ? Operation.NOTHING : item;
    }

    /** The definition, and nothing else: some order that keeps that of time, with or without each that was killed. */
    @SuppressWarnings("ReferenceEquality") // two operations that look alike are two
    private static boolean triesEveryOrder(List<Long> state, List<Operation> left) {
        if (left.stream().noneMatch(Operation::returned)) {
            return true;
        }
        for (Operation next : left) {
            boolean tooEarly =
                    left.stream().anyMatch(other -> other != next && other.returned() && other.end() < next.begin());
            List<Long> after = tooEarly ? null : FIFO.after(state, next);
            if (after != null) {
                List<Operation> rest = new ArrayList<>(left);
                rest.removeIf(each -> each == next);
                // Those killed that should have come before, did not.
                rest.removeIf(each -> !each.returned() && each.end() < next.begin());
                if (triesEveryOrder(after, rest)) {
                    return true;
                }
            }
        }
        return false;
    }
}
