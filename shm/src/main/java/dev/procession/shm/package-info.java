/** Locks and queues in memory shared by the JVMs of one host. */
package dev.procession.shm;
