package dev.procession.sched;

/**
 * Where a job stands in a policy with levels.
 *
 * @param level the level, numbered as the policy's {@link Preset} does
 * @param quantumLeft what is left of its quantum, in ticks
 * @param allotmentLeft how many quanta it may still use on this level, the current one included
 */
public record Rank(int level, long quantumLeft, long allotmentLeft) {}
