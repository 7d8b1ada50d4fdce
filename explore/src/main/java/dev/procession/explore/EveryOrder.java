package dev.procession.explore;

import java.util.ArrayList;
import java.util.List;

/** Every order there is, depth first: a run takes the path of the one before it up to the last fork with a way left. */
final class EveryOrder implements Route {
    private static final class Fork {
        private final int ready;
        private int taken;

        Fork(int ready) {
            this.ready = ready;
            this.taken = State.lowest(ready);
        }

        /** Turns to the next way; false if there is none. */
        boolean turn() {
            int left = ready & -(State.bit(taken) << 1);
            taken = State.lowest(left);
            return left != 0;
        }
    }

    private final List<Fork> path = new ArrayList<>();
    private int depth;

    @Override
    public int pick(State state) {
        if (depth == path.size()) {
            path.add(new Fork(state.ready()));
        }
        Fork fork = path.get(depth++);
        if (fork.ready != state.ready()) {
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
        while (!path.isEmpty() && !path.getLast().turn()) {
            path.removeLast();
        }
        return !path.isEmpty();
    }
}
