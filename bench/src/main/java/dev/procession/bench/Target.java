package dev.procession.bench;

import java.util.Map;

/** What a row is meant to reach. */
public sealed interface Target {
    /** Ours at least {@code factor} times as good as the peer, medians of the same run. */
    record Against(String peer, double factor) implements Target {}

    /** Our median no worse than {@code limit}, in the row's unit. */
    record Absolute(double limit) implements Target {}

    /** Nothing promised: the row is there to be read. */
    record Told() implements Target {}

    /** Whether it was reached; a target against an absent peer is not. */
    default boolean reached(Better better, Samples ours, Map<String, Samples> peers) {
        return switch (this) {
            case Against(String peer, double factor) ->
                peers.containsKey(peer)
                        && better.ratio(ours.median(), peers.get(peer).median()) >= factor;
            case Absolute(double limit) -> better == Better.HIGHER ? ours.median() >= limit : ours.median() <= limit;
            case Told() -> true;
        };
    }

    /** The target in words, as the table and the JSON show it. */
    default String inWords() {
        return switch (this) {
            case Against(String peer, double factor) -> "%sx %s".formatted(Samples.brief(factor), peer);
            case Absolute(double limit) -> Samples.brief(limit);
            case Told() -> "-";
        };
    }
}
