package dev.procession.process.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A worker has done with a task, or died with it. */
@Name("dev.procession.Task")
@Label("Pool Task")
@Description("A worker of a process pool has done with a task, or has died with it")
@Category("Procession")
@StackTrace(false)
final class TaskEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Task")
    String task = "";

    @Label("Worker")
    int worker;

    @Label("Worker Process")
    long pid;

    @Label("Outcome")
    @Description("returned, threw or died")
    String outcome = "";

    @Label("Time with Worker")
    @Timespan(Timespan.NANOSECONDS)
    long withWorker;

    static void emit(String pool, Call call, Link link, String outcome) {
        var event = new TaskEvent();
        if (event.isEnabled()) {
            event.pool = pool;
            event.task = call.task.name();
            event.worker = link.worker;
            event.pid = link.process.pid();
            event.outcome = outcome;
            event.withWorker = System.nanoTime() - call.startedNanos;
            event.commit();
        }
    }
}
