/**
 * A scheduling simulator: given jobs and a policy, the schedule the books give, tick for tick.
 *
 * <p>Read in this order. A {@link dev.procession.sched.Job} arrives, has {@link dev.procession.sched.Work} to do and does
 * it in {@linkplain dev.procession.sched.Burst bursts} of CPU and I/O. A {@link dev.procession.sched.Policy} says who
 * runs next. A {@link dev.procession.sched.Simulator} puts them together, and the {@link dev.procession.sched.Schedule}
 * tells what came of it: one {@link dev.procession.sched.Outcome} for each job, their {@link
 * dev.procession.sched.Averages}, and, when asked, every {@link dev.procession.sched.Segment} and {@link
 * dev.procession.sched.Event}.
 *
 * <table>
 * <caption>The policies</caption>
 * <tr><th>policy</th><th>who runs next</th><th>loses the CPU</th></tr>
 * <tr><td>{@link dev.procession.sched.FirstComeFirstServed}</td><td>who came first</td><td>never</td></tr>
 * <tr><td>{@link dev.procession.sched.ShortestJobFirst}</td><td>the shortest burst</td><td>never</td></tr>
 * <tr><td>{@link dev.procession.sched.ShortestRemainingTimeFirst}</td><td>the shortest rest</td><td>to a shorter
 *     one</td></tr>
 * <tr><td>{@link dev.procession.sched.HighestResponseRatioNext}</td><td>the highest ratio of waiting to length</td>
 *     <td>never</td></tr>
 * <tr><td>{@link dev.procession.sched.HighestPriorityFirst}</td><td>the best priority</td><td>never, or to a better
 *     one</td></tr>
 * <tr><td>{@link dev.procession.sched.RoundRobin}</td><td>each in turn</td><td>after a quantum</td></tr>
 * <tr><td>{@link dev.procession.sched.FeedbackQueues}</td><td>who used least of late</td><td>after a quantum, or to a
 *     higher level</td></tr>
 * <tr><td>{@link dev.procession.sched.Lottery}</td><td>whose ticket is drawn</td><td>after a quantum</td></tr>
 * <tr><td>{@link dev.procession.sched.Stride}</td><td>who is furthest behind his share</td><td>after a quantum</td></tr>
 * </table>
 *
 * <p>Where books differ, a {@link dev.procession.sched.Preset} says whose rules hold. {@link dev.procession.sched.Era}
 * runs jobs as the machines before these policies did, and {@link dev.procession.sched.ProcessStates} shows the states of
 * a process tick by tick. A policy of your own is a {@link dev.procession.sched.ReadyQueue} of two methods, over {@link
 * dev.procession.sched.ControlBlock control blocks}.
 *
 * <p>Everything here is pure: no threads, no clock, no files, no chance without a seed. All types but the queues of a
 * run are immutable and safe for use by many threads.
 */
package dev.procession.sched;
