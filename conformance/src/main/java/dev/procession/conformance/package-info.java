/**
 * Contract suites: what an interface promises, as tests that any implementation can run.
 *
 * <p>Each suite is an abstract JUnit class with a factory method or two; an implementation proves itself with a subclass
 * of a dozen lines. Rules have numbers, kept in {@code docs/contracts}, and test names start with the number of the rule
 * they show. The JDK's own classes are the first subclasses: a rule they fail would not be a rule of that interface.
 *
 * <ul>
 *   <li>{@link dev.procession.conformance.BlockingQueueContract}: {@link java.util.concurrent.BlockingQueue}
 *   <li>{@link dev.procession.conformance.LeasedQueueContract}: {@link dev.procession.core.LeasedQueue}, which is one of
 *       those too
 *   <li>{@link dev.procession.conformance.ConcurrentMapContract}: {@link java.util.concurrent.ConcurrentMap}
 *   <li>{@link dev.procession.conformance.LockContract}, {@link dev.procession.conformance.OwnerBoundLockContract}, {@link
 *       dev.procession.conformance.ReentrantLockContract} and {@link dev.procession.conformance.ConditionContract}: {@link
 *       java.util.concurrent.locks.Lock}
 *   <li>{@link dev.procession.conformance.SemaphoreContract}, {@link dev.procession.conformance.BarrierContract}, {@link
 *       dev.procession.conformance.LatchContract}: what the JDK's classes of those names do
 *   <li>{@link dev.procession.conformance.ExecutorContract}: {@link java.util.concurrent.ExecutorService}; {@link
 *       dev.procession.conformance.PoolContract}, {@link dev.procession.conformance.PoolMapContract} and {@link
 *       dev.procession.conformance.FutureContract}: {@link dev.procession.core.Pool} and its futures. Their tasks may run in
 *       another JVM, and talk to the test by {@link dev.procession.conformance.Signal} and {@link
 *       dev.procession.conformance.Tally}
 * </ul>
 *
 * <p>{@link dev.procession.conformance.CrashPointExplorer} is for structures in shared memory: it lets an operation die
 * before each of its stores.
 */
package dev.procession.conformance;
