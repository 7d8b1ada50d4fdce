/**
 * The operating system: every native call of the project is made here.
 *
 * <p>{@link dev.procession.shm.os.SharedFile} is memory that several processes map, {@link
 * dev.procession.shm.os.Mapping} views of it. {@link dev.procession.shm.os.Futex} blocks on a word of it, {@link
 * dev.procession.shm.os.RobustList} has the kernel mark a word of it when a thread ends. {@link
 * dev.procession.shm.os.ProcessIdentity} tells a process from a later one with the same number, {@link
 * dev.procession.shm.os.Host} tells whether two processes may compare such things at all.
 *
 * <p>{@link dev.procession.shm.os.PosixSpawn} makes processes with descriptors of our choice: ends of an {@link
 * dev.procession.shm.os.AnonymousPipe}, a {@link dev.procession.shm.os.ListeningDescriptor}.
 *
 * <p>Nothing here knows what the memory holds.
 */
package dev.procession.shm.os;
