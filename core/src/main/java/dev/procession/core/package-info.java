/**
 * The contracts every other module speaks.
 *
 * <p><b>Code that travels.</b> {@code SerializableRunnable}, {@code SerializableCallable}, {@code SerializableSupplier},
 * {@code SerializableFunction}, {@code SerializableBiFunction} and {@code SerializableConsumer} each extend the JDK
 * interface of the same name without its prefix, so that a lambda given to an overload that takes one of them becomes
 * serializable without a cast. {@code SerializableAction} may throw and is what a child process runs. How such a lambda
 * becomes bytes and comes back is told in {@link dev.procession.core.codec}.
 *
 * <p><b>Pools.</b> A {@link dev.procession.core.Pool} is an {@code ExecutorService} that does what Python's pools do.
 * {@link dev.procession.core.ThreadPool} runs its tasks on threads of this JVM, other modules have pools of processes and
 * green threads. A task is submitted with {@link dev.procession.core.TaskOptions}, followed and stopped by its
 * {@link dev.procession.core.TaskFuture}, and knows itself by {@link dev.procession.core.TaskContext}. What the pools share
 * is in {@link dev.procession.core.spi}.
 *
 * <p><b>Queues in one JVM.</b> The JDK has them in first-in-first-out order and by priority;
 * {@link dev.procession.core.LifoBlockingQueue} adds the stack, and {@link dev.procession.core.JoinableQueue} puts
 * Python's counting of unfinished work and shutting down over any of them.
 *
 * <p><b>Queues between processes.</b> A {@link dev.procession.core.LeasedQueue} gives an item out on a
 * {@link dev.procession.core.Lease}, and takes it back when its holder dies. It has one contract over shared memory,
 * databases and brokers.
 *
 * <p><b>Where processes meet.</b> A {@link dev.procession.core.Space}, opened by URI, has queues, maps, and what one
 * synchronizes with: {@link dev.procession.core.FencedLock}, {@link dev.procession.core.CountingSemaphore},
 * {@link dev.procession.core.Latch}. Who opens a URI scheme is told in {@link dev.procession.core.spi}.
 *
 * <p><b>Memory visibility.</b> As in {@link java.util.concurrent}, and across processes as well: what a thread did before
 * it put an item into a queue, released a lock or counted a latch down happens before what another thread, in whatever
 * process, does after it took that item, acquired that lock, or returned from waiting.
 */
package dev.procession.core;
