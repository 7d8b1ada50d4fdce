/** Threads: {@link dev.procession.lab.thread.Threads}. */
package dev.procession.lab.thread;
