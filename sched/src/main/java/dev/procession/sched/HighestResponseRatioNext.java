package dev.procession.sched;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * At the end of each burst the job with the highest response ratio, (waiting + burst) / burst, runs to the end of its
 * own: short jobs go first, but waiting makes every job better, so none starves.
 *
 * <p>Equal ratios go by the time at which they became ready, then by list order. Ratios are compared exactly.
 *
 * <p>Source: P. Brinch Hansen, <i>An Analysis of Response Ratio Scheduling</i>, IFIP Congress 1971.
 */
public record HighestResponseRatioNext() implements Policy {
    @Override
    public String name() {
        return "hrrn";
    }

    @Override
    public ReadyQueue open(List<Job> jobs) {
        return new Tournament(jobs.size());
    }

    /**
     * Ratios grow while jobs wait, each at its own pace, so no heap stays in order. A tournament does with a date: every
     * match of the tree notes the instant before which its winner cannot change, and a poll replays only those matches
     * whose date has come. As a job that grows faster passes another at most once, that is a logarithmic number of
     * matches for each poll in the long run, where looking at every job would be a million.
     *
     * <p>Source: J. Basch, L. Guibas, J. Hershberger, <i>Data Structures for Mobile Data</i>, SODA 1997.
     */
    private static final class Tournament implements ReadyQueue {
        /** Leaves start here; the children of node i are 2i and 2i + 1, the root is 1. */
        private final int leaves;

        private final @Nullable ControlBlock[] winners;
        private final long[] goodUntil;

        Tournament(int jobCount) {
            leaves = Integer.highestOneBit(Math.max(1, jobCount - 1)) * 2;
            winners = new ControlBlock[2 * leaves];
            goodUntil = new long[2 * leaves];
            Arrays.fill(goodUntil, NEVER);
        }

        @Override
        public void add(ControlBlock block, Entry entry, long now) {
            winners[leaves + block.index()] = block;
            replayAbove(block.index(), now);
        }

        @Override
        public @Nullable ControlBlock poll(long now) {
            bringUpToDate(1, now);
            ControlBlock winner = winners[1];
            if (winner != null) {
                winners[leaves + winner.index()] = null;
                replayAbove(winner.index(), now);
            }
            return winner;
        }

        private void replayAbove(int index, long now) {
            for (int node = (leaves + index) / 2; node > 0; node /= 2) {
                play(node, now);
            }
        }

        private void bringUpToDate(int node, long now) {
            if (goodUntil[node] <= now) {
                bringUpToDate(2 * node, now);
                bringUpToDate(2 * node + 1, now);
                play(node, now);
            }
        }

        /** Plays one match between what the matches below say now. */
        private void play(int node, long now) {
            ControlBlock left = winners[2 * node];
            ControlBlock right = winners[2 * node + 1];
            long below = Math.min(goodUntil[2 * node], goodUntil[2 * node + 1]);
            if (left == null || right == null) {
                winners[node] = left == null ? right : left;
                goodUntil[node] = below;
            } else {
                boolean leftWins = beats(left, right, now);
                winners[node] = leftWins ? left : right;
                goodUntil[node] = Math.min(below, leftWins ? passedAt(left, right, now) : passedAt(right, left, now));
            }
        }

        private static boolean beats(ControlBlock one, ControlBlock other, long now) {
            int byRatio = compareRatios(one, other, now);
            if (byRatio != 0) {
                return byRatio > 0;
            }
            return one.readySince() != other.readySince()
                    ? one.readySince() < other.readySince()
                    : one.index() < other.index();
        }

        /** Compares waiting/burst, which orders as (waiting + burst)/burst does, as cross products of 128 bits. */
        private static int compareRatios(ControlBlock one, ControlBlock other, long now) {
            long oneWaited = now - one.readySince();
            long otherWaited = now - other.readySince();
            int high = Long.compare(
                    Math.multiplyHigh(oneWaited, other.burstTicks()), Math.multiplyHigh(otherWaited, one.burstTicks()));
            return high != 0
                    ? high
                    : Long.compareUnsigned(oneWaited * other.burstTicks(), otherWaited * one.burstTicks());
        }

        /** An instant up to which the loser cannot have passed the winner: rounded down, but after now. */
        private static long passedAt(ControlBlock winner, ControlBlock loser, long now) {
            if (loser.burstTicks() >= winner.burstTicks()) {
                return NEVER;
            }
            double behind = (double) loser.readySince() - winner.readySince();
            double waited = behind * winner.burstTicks() / (winner.burstTicks() - loser.burstTicks());
            double passed = winner.readySince() + waited;
            return Math.max(now + 1, (long) (passed - Math.abs(passed) * 1e-14 - 1));
        }
    }
}
