/**
 * Child JVMs: work that is isolated, killable and bounded. Read in this order:
 *
 * <p><b>For users.</b> {@link dev.procession.process.ChildProcess} runs a lambda in a JVM of its own; its builder chooses
 * name, heap, options, environment, and by {@link dev.procession.process.Output} where its lines go. Several children may
 * accept connections from one {@link dev.procession.process.ListeningSocket}. {@link dev.procession.process.Processes}
 * tells who this process is, who its parent and its children are. A child that ends otherwise than well leaves a {@link
 * dev.procession.process.ChildFailedException}, with what it threw as the cause ({@link
 * dev.procession.process.RemoteThrowable} where that cannot be rebuilt).
 *
 * <p><b>The journey of an action.</b>
 *
 * <pre>{@code
 *  parent                                                        child
 *  ChildStart     action -> bytes (fails here, for the caller)
 *   JvmCommand    the java command line, like this JVM's own
 *   Spawner       NativeSpawner: posix_spawn + lifeline      --> ChildMain
 *                 PortableSpawner: ProcessBuilder + Door
 *  Attendant      one per child, its threads:
 *   -control      hears Hello, sends Welcome and the task    --> Lineage.become, run it
 *                 hears the Failure                          <-- if it threw
 *   -stdout/err   LinePump -> Sinks                          <-- its lines
 *   (no suffix)   waits for the end, then tells ChildProcess
 *  Children       all that run; ends them when this JVM ends     ParentWatch: ends with its parent
 *  WorkWatch      ends the daemons when this JVM's work is done
 * }</pre>
 *
 * <p><b>What ends with what</b> is in {@code docs/contracts/process.md}, rule by rule.
 *
 * <p><b>Memory.</b> What a child did before its end happens before a {@code join} of it returns, as far as the two share
 * anything. What a parent did before {@code start} happens before the child's action.
 */
package dev.procession.process;
