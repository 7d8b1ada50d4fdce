package dev.procession.lab.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a mistyped word was probably meant to be.
 *
 * <p>Source: the distance is Damerau and Levenshtein's (optimal string alignment): a wrong, missing, surplus or swapped
 * letter counts one.
 */
final class Suggestion {
    private Suggestion() {}

    /** A sentence for the end of an error message, or nothing if no candidate is near. */
    static String didYouMean(String typed, Collection<String> candidates) {
        return closest(typed, candidates)
                .map(word -> ". Did you mean " + word + "?")
                .orElse("");
    }

    private static Optional<String> closest(String typed, Collection<String> candidates) {
        String plain = typed.split("=", 2)[0];
        if (plain.chars().allMatch(letter -> letter == '-')) {
            return Optional.empty();
        }
        return candidates.stream()
                .filter(candidate -> isNear(plain, candidate))
                .min(Comparator.comparingInt(candidate -> distance(plain, candidate)));
    }

    private static boolean isNear(String typed, String candidate) {
        return distance(typed, candidate) <= Math.max(1, candidate.length() / 3)
                || (typed.length() >= 2 && candidate.startsWith(typed));
    }

    static int distance(String from, String to) {
        int[][] costs = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                costs[i][j] = i == 0 || j == 0 ? i + j : cost(costs, from, to, i, j);
            }
        }
        return costs[from.length()][to.length()];
    }

    private static int cost(int[][] costs, String from, String to, int i, int j) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int cost = Math.min(costs[i - 1][j - 1] + change, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(cost, costs[i - 2][j - 2] + 1) : cost;
    }
}
