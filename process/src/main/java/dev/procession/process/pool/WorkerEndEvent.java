package dev.procession.process.pool;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A worker has ended, in order or not. */
@Name("dev.procession.WorkerEnd")
@Label("Pool Worker End")
@Description("A worker of a process pool has ended: told to, or dead")
@Category("Procession")
@StackTrace(false)
final class WorkerEndEvent extends Event {
    @Label("Pool")
    String pool = "";

    @Label("Worker")
    int worker;

    @Label("Worker Process")
    long pid;

    @Label("In Order")
    @Description("Whether the pool had told it to end")
    boolean inOrder;

    @Label("Tasks Lost")
    @Description("How many tasks died with it: one at most")
    int tasksLost;

    static void emit(String pool, Link link, Dispatcher.Death death) {
        var event = new WorkerEndEvent();
        event.pool = pool;
        event.worker = link.worker;
        event.pid = link.process.pid();
        event.inOrder = death.before() == Link.Stage.ENDING;
        event.tasksLost = death.lost().size();
        event.commit();
    }
}
