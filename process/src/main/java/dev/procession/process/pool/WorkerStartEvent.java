package dev.procession.process.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A worker's process was started. */
@Name("dev.procession.WorkerStart")
@Label("Pool Worker Start")
@Description("A process pool has started the process of a worker or a spare")
@Category("Procession")
@StackTrace(false)
final class WorkerStartEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Worker")
    int worker;

    @Label("Worker Process")
    long pid;

    static void emit(String pool, Link link) {
        var event = new WorkerStartEvent();
        event.pool = pool;
        event.worker = link.worker;
        event.pid = link.process.pid();
        event.commit();
    }
}
