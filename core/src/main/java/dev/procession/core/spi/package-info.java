/**
 * What other modules build on.
 *
 * <p><b>Spaces.</b> {@link dev.procession.core.spi.SpaceProvider} opens a URI scheme, and is found by being there.
 *
 * <p><b>Pools.</b> {@link dev.procession.core.spi.AbstractPool} makes a whole {@link dev.procession.core.Pool} of five
 * methods that start and stop one task. What it hands out is a {@link dev.procession.core.spi.PoolTask}: a call, and the
 * engine's side of its future.
 *
 * <pre>
 *   submitter                AbstractPool              the pool of some kind           worker
 *   submit(call) ----------&gt; PoolTask, counted
 *                            enqueue(task) ----------&gt; Backlog.admit(task)
 *                                                      Backlog.poll(), task.start() --&gt; TaskScope.call(context, task.call())
 *   future is done &lt;------------------- task.succeed(result), task.fail(e) &lt;----------- returns, throws
 *   cancel(true) ----------&gt; interrupt(task) --------------------------------------------&gt; (interrupted)
 *                            kill(task), after the grace
 *   gone() completes &lt;------------------ task.gone() &lt;--------------------------------- ended
 * </pre>
 *
 * <p>A {@code map} becomes few calls of many inputs: {@link dev.procession.core.spi.MapChunk}, whose outcome is a {@link
 * dev.procession.core.spi.ChunkResult}. Tasks wait in a {@link dev.procession.core.spi.Backlog}, and a task finds its {@link
 * dev.procession.core.TaskContext} by {@link dev.procession.core.spi.TaskScope}.
 *
 * <p><b>Interleavings.</b> An {@link dev.procession.core.spi.Interleaving} decides the order in which tasks take their steps,
 * and gives core's queues their locks while it does.
 *
 * <p><b>Names.</b> {@link dev.procession.core.spi.ProcessName} is what this process is called where others see it.
 */
package dev.procession.core.spi;
