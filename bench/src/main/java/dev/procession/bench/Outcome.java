package dev.procession.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a race found.
 *
 * @param row the work
 * @param ours our figures
 * @param peers the figures of each peer that ran
 * @param absent who could not run, and how to install it
 */
record Outcome(Row row, Samples ours, Map<String, Samples> peers, Map<String, String> absent) {
    boolean reached() {
        return row.targets().stream().allMatch(target -> target.reached(row.better(), ours, peers));
    }

    private double ratio(Samples peer) {
        return row.better().ratio(ours.median(), peer.median());
    }

    String target() {
        return row.targets().stream().map(Target::inWords).collect(Collectors.joining(", "));
    }

    /** The row as `bench run --json` prints it: one object a line. */
    Map<String, Object> asJson() {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", row.name());
        json.put("unit", row.unit());
        json.put("better", row.better() == Better.HIGHER ? "higher" : "lower");
        json.put("ours", figures(ours));
        json.put("peers", each(Outcome::figures));
        json.put("ratio", each(this::ratio));
        json.put("absent", absent);
        json.put("target", target());
        json.put("reached", reached());
        return json;
    }

    private Map<String, Object> each(Function<Samples, Object> told) {
        var json = new LinkedHashMap<String, Object>();
        peers.forEach((name, samples) -> json.put(name, told.apply(samples)));
        return json;
    }

    private static Map<String, Object> figures(Samples samples) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("median", samples.median());
        figures.put("min", samples.min());
        figures.put("max", samples.max());
        return figures;
    }

    /** The row as the terminal shows it: a heading, a line for each contender, a line for the target. */
    String asText() {
        var text = new StringBuilder("%s: %s (%s, %s is better)%n"
                .formatted(row.name(), row.what(), row.unit(), row.better() == Better.HIGHER ? "higher" : "lower"));
        text.append("  %-28s %s%n".formatted(row.ours().name(), ours));
        peers.forEach((name, peer) ->
                text.append("  %-28s %-28s ours is %sx%n".formatted(name, peer, Samples.brief(ratio(peer)))));
        absent.forEach((name, why) -> text.append("  %-28s absent: %s%n".formatted(name, why)));
        return text.append("  target %s: %s%n".formatted(target(), reached() ? "reached" : "NOT REACHED"))
                .toString();
    }
}
