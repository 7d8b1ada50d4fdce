/**
 * The engine of the shared queue: two sides that meet in two words.
 *
 * <pre>
 *   PutSide (put lock)                                      TakeSide (take lock)
 *      find room: Areas, LeaseTable                            read the record at head
 *      write the record                                        take: copy it out     lease: note it in the LeaseTable
 *      TAIL = new tail  (release: this commits) ------------>  HEAD = new head  (release: this gives the room back)
 * </pre>
 *
 * <p>In reading order: {@link dev.procession.shm.queue.QueueLayout} is the picture of the memory,
 * {@link dev.procession.shm.queue.Position} and {@link dev.procession.shm.queue.Records} what a word and a record mean.
 * {@link dev.procession.shm.queue.PutSide} and {@link dev.procession.shm.queue.TakeSide} are the two halves; each has a
 * robust lock of its own, is repaired by whoever gets that lock from a dead owner, and only ever reads what the other
 * writes. {@link dev.procession.shm.queue.LeaseTable} is what was delivered and is not settled,
 * {@link dev.procession.shm.queue.Areas} where there is memory. Nothing here waits for an item or for room; that is
 * {@code SharedQueue}'s part.
 */
package dev.procession.shm.queue;
