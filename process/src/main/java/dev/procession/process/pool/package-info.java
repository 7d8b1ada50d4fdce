/**
 * The engine of {@code ProcessPool}: the journey of a task, and who looks after the workers on the way.
 *
 * <pre>
 *   in-process                                                              | out-of-process: one JVM a worker
 *                                                                           |
 *   submit ---> Call          Dispatcher          Link  -- ring: TASK --->  |  WorkerLoop
 *               bytes,   ---> free worker?   ---> send                      |    take (claim), decode, run, encode
 *               or failure    ahead of a busy                               |
 *                             one? queue?                                   |  WorkerListener
 *                                                                           |    life word; interrupt, dump
 *   future <--- Engine <----- next call to  <---  Link  <- ring: DONE ----- |
 *   completed   decode        this worker         reads       FAILED        |  RunningTask: TaskContext
 *                                                                           |  WorkerState, Broadcasts, TaskOutput
 *               Executions  -- orders: interrupt, dump; SIGKILL to the tree |
 *               Crew        -- starts, spares, replaces, ends processes     |
 *               Obituary    -- asks how a dead one died                     |
 * </pre>
 *
 * <p><b>{@link dev.procession.process.pool.Engine}</b> is what the pool sees, and hears what workers say. <b>{@code Call}</b>
 * is a task in bytes: what cannot travel fails here, in its submitter's thread. <b>{@code Dispatcher}</b> brings calls and
 * workers together; its lock guards who has what. A call can be had back until its worker has claimed it, which is one
 * compare-and-set in the {@linkplain dev.procession.shm.channel.Claims channel}: so it is known at each instant, and of a dead
 * worker too, which call it was in. <b>{@code Link}</b> is one worker as seen from here: the channel, the process, and a thread
 * that reads replies. <b>{@code Crew}</b> keeps the number of workers right. <b>{@code Executions}</b> kills a worker for a
 * task that heeds no interrupt. <b>{@code Presence}</b> keeps the program running while there are calls.
 *
 * <p><b>{@link dev.procession.process.pool.WorkerLoop}</b> is a worker from inside: one thread that makes calls, and
 * <b>{@code WorkerListener}</b>, which holds the life word and hears orders meanwhile. <b>{@code Wire}</b> lists all frames.
 *
 * <p>No lock and no queue is shared by two workers, so a SIGKILL at any instruction holds up nobody else (DESIGN D2). The
 * picture, and the words call and worker, are from CPython's {@code concurrent/futures/process.py}.
 */
package dev.procession.process.pool;
