package dev.procession.bench;

import java.util.List;

/**
 * One piece of work that ours and its peers do side by side.
 *
 * @param name what {@code bench run NAME} takes
 * @param what the work, in one line
 * @param unit of the figures
 * @param better which way they should go
 * @param ours our contender
 * @param peers whom we measure ourselves against
 * @param targets what ours is meant to reach; all of them
 */
public record Row(
        String name,
        String what,
        String unit,
        Better better,
        Contender ours,
        List<Contender> peers,
        List<Target> targets) {}
