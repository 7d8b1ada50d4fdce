package dev.procession.sched;

import java.util.function.ToLongFunction;

/**
 * The means over all jobs of a schedule.
 *
 * @param response mean response time in ticks
 * @param turnaround mean turnaround time in ticks
 * @param waiting mean waiting time in ticks
 * @param normalized mean of turnaround over service
 */
public record Averages(double response, double turnaround, double waiting, double normalized) {
    static Averages of(Iterable<Outcome> outcomes, int count) {
        double normalized = 0;
        for (Outcome outcome : outcomes) {
            normalized += outcome.normalized();
        }
        return new Averages(
                mean(outcomes, count, Outcome::response),
                mean(outcomes, count, Outcome::turnaround),
                mean(outcomes, count, Outcome::waiting),
                normalized / count);
    }

    /** Sums whole ticks exactly, in two words: a mean must not overflow, nor be rounded twice. */
    private static double mean(Iterable<Outcome> outcomes, int count, ToLongFunction<Outcome> figure) {
        long quotients = 0;
        long remainders = 0;
        for (Outcome outcome : outcomes) {
            long ticks = figure.applyAsLong(outcome);
            quotients += ticks / count;
            remainders += ticks % count;
        }
        quotients += remainders / count;
        remainders %= count;
        boolean exact = quotients < (1L << 52) / count;
        return exact ? (double) (quotients * count + remainders) / count : quotients + (double) remainders / count;
    }
}
