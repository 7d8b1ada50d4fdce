package dev.procession.process.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is to be done once the dispatcher's lock was given back: sending, which may wait for a worker, and everything that
 * runs other people's code. Made and carried out by one thread.
 */
final class Plan {
    private final List<Send> sends = new ArrayList<>(1);
    private final List<Runnable> others = new ArrayList<>(0);

    /** As it was decided: if the call has gone to another worker since, this one passes the offer over. */
    private record Send(Call call, Link link, long offer) {}

    void send(Call call, Link link) {
        sends.add(new Send(call, link, call.offer));
    }

    void then(Runnable action) {
        others.add(action);
    }

    /**
     * Does it. By a thread that holds no lock.
     *
     * @param broadcasts what workers must have before a call
     */
    void carryOut(Map<Long, Link.Broadcast> broadcasts) {
        for (Send send : sends) {
            send.link().send(send.call(), send.offer(), broadcasts);
        }
        others.forEach(Runnable::run);
    }
}
