/**
 * Queues: {@link dev.procession.lab.queue.QueueBasics} between processes, {@link dev.procession.lab.queue.ThreadQueues}
 * within one.
 */
package dev.procession.lab.queue;
