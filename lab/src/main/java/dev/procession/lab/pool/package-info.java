/** Work handed to a fixed number of workers: {@link dev.procession.lab.pool.Pools}. */
package dev.procession.lab.pool;
