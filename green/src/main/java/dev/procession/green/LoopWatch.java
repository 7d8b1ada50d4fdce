package dev.procession.green;

import dev.procession.green.engine.Dispatcher;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reports turns that hold up a loop, with the stack of the moment. One thread looks at all loops that run, and ends a while
 * after the last; it costs the loops nothing but a count of their turns.
 */
final class LoopWatch {
    private static final Logger LOG = System.getLogger("dev.procession.green");
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int IDLE_PERIODS = 10;

    /** What was seen of a loop when its turn was new. */
    private static final class Sight {
        private long turn;
        private long sinceNanos;
        private boolean reported;
    }

    // Guarded by LoopWatch.class.
    private static final Map<EventLoop, Sight> SIGHTS = new HashMap<>();
    private static @Nullable Thread watcher;

    private LoopWatch() {}

    static synchronized void watch(EventLoop loop) {
        SIGHTS.put(loop, new Sight());
        if (watcher == null) {
            watcher = Thread.ofPlatform().name("procession-loop-watch").daemon().start(LoopWatch::look);
        }
    }

    static synchronized void forget(EventLoop loop) {
        SIGHTS.remove(loop);
    }

    private static void look() {
        int idlePeriods = 0;
        while (!endsAfter(idlePeriods)) {
            LockSupport.parkNanos(PERIOD_NANOS);
            List<EventLoop> slow = slowLoops();
            slow.forEach(LoopWatch::report);
            idlePeriods = isIdle() ? idlePeriods + 1 : 0;
        }
    }

    private static synchronized boolean isIdle() {
        return SIGHTS.isEmpty();
    }

    private static synchronized boolean endsAfter(int idlePeriods) {
        if (idlePeriods < IDLE_PERIODS || !SIGHTS.isEmpty()) {
            return false;
        }
        watcher = null;
        return true;
    }

    private static synchronized List<EventLoop> slowLoops() {
        List<EventLoop> slow = new ArrayList<>();
        long now = System.nanoTime();
        SIGHTS.forEach((loop, sight) -> {
            long turn = loop.dispatcher().turns();
            if (turn != sight.turn || !Dispatcher.isTurn(turn)) {
                sight.turn = turn;
                sight.sinceNanos = now;
                sight.reported = false;
            } else if (!sight.reported
                    && now - sight.sinceNanos > loop.slowTurn().toNanos()) {
                sight.reported = true;
                slow.add(loop);
            }
        });
        return slow;
    }

    private static void report(EventLoop loop) {
        long turn = loop.dispatcher().turns();
        Thread holder = loop.holder();
        if (holder == null) {
            return; // over meanwhile
        }
        Throwable where = new Throwable("the stack of " + holder.getName());
        where.setStackTrace(holder.getStackTrace());
        if (loop.dispatcher().turns() != turn) {
            return; // the stack may be of another turn
        }
        LOG.log(
                Level.WARNING,
                "loop " + loop + " is held up for more than " + loop.slowTurn().toMillis() + " ms by "
                        + holder.getName() + "; give blocking or long work to EventLoop.toThread",
                where);
    }
}
