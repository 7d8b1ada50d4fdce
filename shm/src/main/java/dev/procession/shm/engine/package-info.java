/**
 * The engine under the shared primitives: memory that several JVMs map, and what keeps it sound when one of them dies.
 *
 * <p>In reading order: {@link dev.procession.shm.engine.AttachedSpace} is a space as one member sees it, and hands out
 * {@link dev.procession.shm.engine.Entry entries} of its directory. {@link dev.procession.shm.engine.Cells} is how all
 * shared memory is read and written. {@link dev.procession.shm.engine.Wait} is how a thread waits for a change of it,
 * {@link dev.procession.shm.engine.RobustLock} a lock to build into any structure, {@link
 * dev.procession.shm.engine.PrimitiveKind} what a structure does when a member dies. The package-private {@code Keeper}
 * notices deaths and {@code Burial} repairs what they left; {@code SpaceLayout}, {@code MemberLayout} and {@code EntryLayout} say where everything is.
 *
 * <p>A structure's author needs five rules. A structure is changed so that after each single store a survivor can tell
 * what to do. What a member holds bears its {@link dev.procession.shm.engine.Stamp stamp}, and whoever meets a stamp asks
 * {@link dev.procession.shm.engine.AttachedSpace#isDead isDead}. Every wait goes by slices and looks at everything that
 * could end it. A repair is idempotent and never waits. No code of a user, and nothing that can wait for another process
 * for long, runs under a lock.
 */
package dev.procession.shm.engine;
