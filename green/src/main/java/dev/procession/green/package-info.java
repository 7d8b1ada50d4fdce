/**
 * Coroutines.
 *
 * <p><b>By hand.</b> A {@link dev.procession.green.Greenlet} runs until it switches to another and names whom.
 * {@link dev.procession.green.GreenletScope} ends those that were left in the middle.
 *
 * <p><b>On a loop.</b> An {@link dev.procession.green.EventLoop} runs {@linkplain dev.procession.green.Task tasks} one at a time;
 * whatever waits lets the others run, also blocking calls of the JDK. A {@link dev.procession.green.TaskGroup} waits for its
 * tasks and loses none of their errors; a {@link dev.procession.green.CancelScope} ends what takes too long.
 * {@link dev.procession.green.GreenLock}, {@link dev.procession.green.GreenQueue} and their kin are for tasks of one loop.
 *
 * <p><b>In gevent's manner.</b> {@link dev.procession.green.Green} spawns, joins and kills;
 * {@link dev.procession.green.GreenPool} is a pool; {@link dev.procession.green.Deadline} bounds a piece of code.
 *
 * <p>What carries them all is the package {@link dev.procession.green.engine}. {@code docs/contracts/green.md} has the promises.
 */
package dev.procession.green;
