package dev.procession.explore;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides who takes the next step, run after run, until all that it wants to see was seen. */
sealed interface Route permits Route.AtRandom, Route.Replay, EveryOrder, EveryKind {
    /** In place of a task: what comes from here on was seen already. */
    int NOTHING_NEW = -1;

    /**
     * Picks a task.
     *
     * @param state where the run is; at least one task can go
     * @return the number of a task that can go, or {@link #NOTHING_NEW}
     */
    int pick(State state);

    /**
     * Ends a run.
     *
     * @param last where it ended
     * @return whether another run is to follow
     */
    boolean another(State last);

    /**
     * Where a run is between two steps.
     *
     * @param pending the next move of each task; null where it has ended
     * @param ready the tasks whose move can be taken, a bit each
     */
    record State(List<@Nullable Move> pending, int ready) {
        boolean isReady(int task) {
            return (ready & bit(task)) != 0;
        }

        static int bit(int task) {
            return 1 << task;
        }

        static int lowest(int tasks) {
            return Integer.numberOfTrailingZeros(tasks);
        }
    }

    /** Says that a program, taken the same way twice, was not the same. */
    static IllegalStateException notDeterministic(int step) {
        return new IllegalStateException(
                "the program is not deterministic: the same steps led elsewhere at step=" + step
                        + "; make all that its tasks share anew for each schedule, and use no clock and no random numbers");
    }

    /** Some orders, each step drawn among the tasks that can go. */
    final class AtRandom implements Route {
        private final RandomGenerator random;
        private long left;

        AtRandom(RandomGenerator random, long schedules) {
            this.random = random;
            this.left = schedules;
        }

        @Override
        public int pick(State state) {
            int ready = state.ready();
            for (int skip = random.nextInt(Integer.bitCount(ready)); skip > 0; skip--) {
                ready &= ready - 1;
            }
            return State.lowest(ready);
        }

        @Override
        public boolean another(State last) {
            return --left > 0;
        }
    }

    /** One order, known beforehand. */
    final class Replay implements Route {
        private final int[] choices;
        private int step;

        Replay(int[] choices) {
            this.choices = choices;
        }

        @Override
        public int pick(State state) {
            if (step == choices.length || !state.isReady(choices[step])) {
                throw new IllegalArgumentException(
                        "the token is not of this program: it does not fit at step=" + step + ", tokenSteps="
                                + choices.length + ", tasksThatCanGo=" + Integer.toBinaryString(state.ready()));
            }
            return choices[step++];
        }

        @Override
        public boolean another(State last) {
            return false;
        }

        @Override
        public String toString() {
            return Arrays.toString(choices);
        }
    }
}
