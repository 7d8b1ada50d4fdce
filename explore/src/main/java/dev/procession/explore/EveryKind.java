package dev.procession.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One order of each kind: two orders are of a kind if one becomes the other by swapping neighbours that do not depend on each
 * other, so they end alike. Every deadlock and every end that some order leads to is reached.
 *
 * <p>After each run its races are looked for: a move of a task, taken or not, and an earlier move of another that it depends
 * on, with no chain of dependencies that forces their order. In place of the earlier one, something is to be tried that leads
 * to the later one first. Sleeping tasks keep what was tried already from being tried again in another place. What to try must
 * be able to begin such a path: the racing task itself would not do where it sleeps, for the sake of its next move alone, and
 * has others to wait for.
 *
 * <p>Sources: C. Flanagan, P. Godefroid, "Dynamic partial-order reduction for model checking software", POPL 2005; what to try
 * from P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Optimal dynamic partial order reduction", POPL 2014 (source sets); sleep
 * sets from P. Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996, chapter 5.
 */
final class EveryKind implements Route {
    private static final class Fork {
        private final State state;

        /** Tasks whose move leads only to what was seen on another path. */
        private final int asleep;

        private int toTry;
        private int tried;
        private int taken;

        Fork(State state, int asleep) {
            this.state = state;
            this.asleep = asleep;
            this.taken = State.lowest(state.ready() & ~asleep);
            this.toTry = State.bit(taken);
        }

        Move move() {
            return Objects.requireNonNull(state.pending().get(taken));
        }

        boolean turn() {
            tried |= State.bit(taken);
            int left = toTry & ~tried & ~asleep;
            taken = State.lowest(left);
            return left != 0;
        }

        /** Sees to it that one of these tasks is tried here, or what it would lead to elsewhere. */
        void tryOneOf(int beginners) {
            if ((beginners & (toTry | asleep)) == 0) {
                int canGo = beginners & state.ready();
                toTry |= canGo == 0 ? state.ready() : Integer.lowestOneBit(canGo);
            }
        }

        /** Who is still asleep after the move taken here: whoever was, or was tried here, and does not depend on it. */
        int asleepAfter() {
            int asleepAfter = 0;
            for (int rest = (asleep | tried) & ~State.bit(taken); rest != 0; rest &= rest - 1) {
                Move move = state.pending().get(State.lowest(rest));
                if (move != null && !move.dependsOn(move())) {
                    asleepAfter |= State.bit(move.task());
                }
            }
            return asleepAfter;
        }
    }

    private final List<Fork> path = new ArrayList<>();
    private int depth;

    /** Of each step of a run that has ended: per task, one more than the last step that comes before it or is it. */
    private int[][] before = {};

    @Override
    public int pick(State state) {
        if (depth == path.size()) {
            int asleep = path.isEmpty() ? 0 : path.getLast().asleepAfter();
            if ((state.ready() & ~asleep) == 0) {
                return NOTHING_NEW;
            }
            path.add(new Fork(state, asleep));
        }
        Fork fork = path.get(depth++);
        if (fork.state.ready() != state.ready()) {
            throw Route.notDeterministic(depth);
        }
        return fork.taken;
    }

    @Override
    public boolean another(State last) {
        if (depth < path.size()) {
            throw Route.notDeterministic(depth);
        }
        depth = 0;
        noteRaces(last);
        while (!path.isEmpty() && !path.getLast().turn()) {
            path.removeLast();
        }
        return !path.isEmpty();
    }

    private void noteRaces(State last) {
        int tasks = last.pending().size();
        before = new int[path.size()][];
        var lastOf = new int[tasks][tasks];
        for (int step = 0; step <= path.size(); step++) {
            State state = step == path.size() ? last : path.get(step).state;
            for (Move next : state.pending()) {
                if (next != null) {
                    noteRace(next, step, lastOf[next.task()]);
                }
            }
            if (step < path.size()) {
                before[step] = reach(step, lastOf);
                lastOf[path.get(step).taken] = before[step];
            }
        }
    }

    private int[] reach(int step, int[][] lastOf) {
        Move move = path.get(step).move();
        int[] reach = lastOf[move.task()].clone();
        for (int earlier = 0; earlier < step; earlier++) {
            if (path.get(earlier).move().dependsOn(move)) {
                for (int task = 0; task < reach.length; task++) {
                    reach[task] = Math.max(reach[task], before[earlier][task]);
                }
            }
        }
        reach[move.task()] = step + 1;
        return reach;
    }

    private void noteRace(Move next, int step, int[] knownToNext) {
        for (int earlier = step - 1; earlier >= 0; earlier--) {
            Move move = path.get(earlier).move();
            boolean ordered = move.task() == next.task() || earlier < knownToNext[move.task()];
            if (!ordered && move.dependsOn(next) && move.mayMeet(next)) {
                path.get(earlier).tryOneOf(beginnersWithout(earlier, next, step, knownToNext));
            }
        }
    }

    /**
     * The tasks that may begin, before step {@code earlier}, a path on which that step is not yet taken when {@code next} is:
     * of the steps in between that do not come after {@code earlier}, those that none of the others comes before.
     */
    private int beginnersWithout(int earlier, Move next, int step, int[] knownToNext) {
        int withoutTask = path.get(earlier).taken;
        int beginners = 0;
        var steps = new ArrayList<Integer>();
        for (int between = earlier + 1; between < step; between++) {
            int[] known = before[between];
            if (known[withoutTask] <= earlier) {
                if (steps.stream().noneMatch(one -> one < known[path.get(one).taken])) {
                    beginners |= State.bit(path.get(between).taken);
                }
                steps.add(between);
            }
        }
        boolean nextBegins = steps.stream()
                .noneMatch(one -> one < knownToNext[path.get(one).taken]
                        || path.get(one).move().dependsOn(next));
        return nextBegins ? beginners | State.bit(next.task()) : beginners;
    }
}
