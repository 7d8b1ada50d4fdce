package dev.procession.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * Serves connections in this JVM.
 *
 * <pre>{@code
 *   Acceptor --> Session: thread, virtual thread or task --> Handler
 *                   ^ limits of time
 *                Sweeper                       Carrier: who runs and who wakes all these
 * }</pre>
 */
final class LocalEngine implements Engine {
    private static final Logger LOG = System.getLogger("dev.procession.net");

    /** How long a handler may go on when its connection is closed, before it is interrupted; and again after that. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Plan plan;
    private final Listener listener;
    private final Carrier carrier;
    private final Sessions sessions = new Sessions();
    private final Tally tally = new Tally();
    private final Acceptor acceptor;
    private final Sweeper sweeper;
    private boolean started;

    LocalEngine(Plan plan, Listener listener) throws IOException {
        this(plan, listener, Turn.Always.TURN);
    }

    /** One that shares its listening socket with other processes. */
    LocalEngine(Plan plan, Listener listener, Turn turn) throws IOException {
        this.plan = plan;
        this.listener = listener;
        String name = "procession-" + plan.name();
        carrier = carrier(name, plan.strategy());
        acceptor = new Acceptor(plan, listener.channel(), carrier, sessions, tally, turn);
        sweeper = new Sweeper(name, sessions, plan.limits());
    }

    private static Carrier carrier(String name, ServerStrategy strategy) throws IOException {
        return switch (strategy) {
            case THREAD -> new ThreadCarrier(name);
            case GREEN, PROCESS, PROCESS_PER_CONNECTION -> new GreenCarrier(name);
            case LOOP -> new LoopCarrier(name);
        };
    }

    @Override
    public void start() throws IOException {
        listener.channel().configureBlocking(false);
        started = true;
        sweeper.start();
        carrier.startAcceptor(acceptor);
        try {
            acceptor.accepting().join();
        } catch (CompletionException e) {
            close();
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void stopAccepting() {
        if (started) {
            acceptor.stop();
        }
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean drain(Duration grace) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + grace.toNanos();
        stopAccepting();
        sessions.forEach(Session::drain);
        boolean all = false;
        try {
            all = sessions.awaitNone(deadlineNanos);
        } finally {
            if (!all) {
                end(CutReason.DRAINED);
            }
        }
        return all;
    }

    /** Closes what there is, and waits for its handlers to notice. */
    private void end(CutReason why) {
        sessions.forEach(session -> session.cut(why));
        if (sessions.awaitNoneUninterruptibly(PATIENCE.toNanos())) {
            return;
        }
        sessions.forEach(Session::interrupt);
        if (!sessions.awaitNoneUninterruptibly(PATIENCE.toNanos())) {
            LOG.log(
                    Level.WARNING,
                    "handlers go on though their connections are closed and they were interrupted: server="
                            + plan.name() + ", handlers=" + sessions.active());
        }
    }

    @Override
    public void close() {
        stopAccepting();
        end(CutReason.CLOSED);
        sweeper.close();
        carrier.close();
    }

    @Override
    public ServerStatistics statistics() {
        return sessions.statistics(tally);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return sessions.list();
    }
}
