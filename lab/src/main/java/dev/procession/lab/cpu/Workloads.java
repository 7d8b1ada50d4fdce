package dev.procession.lab.cpu;

import dev.procession.sched.Job;
import dev.procession.sched.Outcome;
import dev.procession.sched.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Jobs that all arrive at once, by their lengths, and the orders they can run in. */
final class Workloads {
    /** With more, the orders are too many to try them all. */
    static final int MOST_TO_PERMUTE = 7;

    private Workloads() {}

    /** One job for each length, named A, B, C and so on. */
    static List<Job> arrivingAtOnce(List<Integer> lengths) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            jobs.add(Job.of(name(i), 0, lengths.get(i)));
        }
        return jobs;
    }

    /** A to Z, then A1 to Z1 and so on. */
    static String name(int index) {
        int letters = 26;
        String letter = String.valueOf((char) ('A' + index % letters));
        return index < letters ? letter : letter + index / letters;
    }

    /** Every order of these, equal ones told apart. */
    static List<List<Integer>> permutations(List<Integer> all) {
        if (all.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (int first = 0; first < all.size(); first++) {
            List<Integer> rest = new ArrayList<>(all);
            Integer head = rest.get(first);
            rest.subList(first, first + 1).clear();
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> order = new ArrayList<>(List.of(head));
                order.addAll(tail);
                orders.add(order);
            }
        }
        return orders;
    }

    /** By hand, without the simulator: the mean time until a job is done when they run one after the other. */
    static double meanTurnaround(List<Integer> order) {
        long now = 0;
        long sum = 0;
        for (int length : order) {
            now += length;
            sum += now;
        }
        return (double) sum / order.size();
    }

    /** By hand: the mean time a job waits when they run one after the other. */
    static double meanWait(List<Integer> order) {
        long now = 0;
        long sum = 0;
        for (int length : order) {
            sum += now;
            now += length;
        }
        return (double) sum / order.size();
    }

    /** Whether two figures that were computed on different ways are one. */
    static boolean same(double one, double other) {
        return Math.abs(one - other) < 1e-9 * Math.max(1, Math.abs(one));
    }

    static String text(double mean) {
        return mean == Math.rint(mean) ? String.valueOf((long) mean) : String.format(Locale.ROOT, "%.2f", mean);
    }

    static String text(List<Integer> lengths) {
        return lengths.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** A row for each job: name, service, response, turnaround, wait. */
    static List<List<String>> rows(Schedule schedule) {
        List<List<String>> rows = new ArrayList<>();
        for (Outcome outcome : schedule.outcomes()) {
            rows.add(List.of(
                    outcome.job().name(),
                    String.valueOf(outcome.job().service()),
                    String.valueOf(outcome.response()),
                    String.valueOf(outcome.turnaround()),
                    String.valueOf(outcome.waiting())));
        }
        return rows;
    }
}
