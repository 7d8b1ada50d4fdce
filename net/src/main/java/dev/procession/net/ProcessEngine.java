package dev.procession.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Serves by worker processes that accept from one listening socket: what waits in its queue waits for whoever is free, and is
 * not lost with a worker that dies.
 *
 * <pre>{@code
 *  this process                                            worker processes
 *    ListeningSocket  -- given at birth, as descriptor 0 -->  LocalEngine accepts and serves
 *    WorkerCrew       -- WorkerOrder ---------------------->  WorkerMain
 *      its thread     <-- WorkerNews -----------------------
 * }</pre>
 */
final class ProcessEngine implements Engine {
    private final String name;
    private final SharedListener listener;
    private final ExecutorService thread;
    private final WorkerCrew crew;
    private volatile ServerStatistics last = ServerStatistics.ZERO;

    ProcessEngine(Plan plan, SharedListener listener) {
        this.name = plan.name();
        this.listener = listener;
        this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("procession-" + name + "-crew")
                .factory());
        this.crew = new WorkerCrew(plan, listener, thread);
    }

    /** Returns when all workers accept connections. */
    @Override
    public void start() throws IOException {
        thread.execute(crew::startFirst);
        try {
            crew.serving().get();
        } catch (ExecutionException e) {
            close();
            switch (e.getCause()) {
                case RuntimeException unstarted -> throw unstarted;
                case Error unstarted -> throw unstarted;
                case null, default ->
                    throw new IOException(
                            "a worker process ended before it served: server=" + name + ": " + e.getMessage(), e);
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the workers were starting: server=" + name, e);
        }
    }

    @Override
    public void stopAccepting() {
        if (does(crew::stop)) {
            crew.stopped().join();
        }
    }

    @Override
    public boolean drain(Duration grace) throws InterruptedException {
        stopAccepting();
        if (!does(() -> crew.endAll(grace))) {
            return true;
        }
        try {
            crew.allGone().get();
        } catch (InterruptedException e) {
            close();
            throw e;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        return !told(crew::someCut, false);
    }

    @Override
    public void close() {
        if (does(crew::kill)) {
            crew.allGone().join();
            last = told(crew::statistics, last);
            thread.shutdown();
        }
        listener.close();
    }

    @Override
    public ServerStatistics statistics() {
        asked(WorkerOrder.Look::new);
        return told(crew::statistics, last);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return asked(WorkerOrder.Enumerate::new).stream()
                .sorted(Comparator.comparing(ConnectionInfo::age).reversed())
                .toList();
    }

    private List<ConnectionInfo> asked(Inquiry.Question question) {
        return told(() -> crew.inquire(question), CompletableFuture.completedFuture(List.<ConnectionInfo>of()))
                .join();
    }

    /** Has the crew's thread do something; false if the engine is closed. */
    private boolean does(Runnable action) {
        try {
            thread.execute(action);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** What the crew's thread says; another value if the engine is closed. */
    private <T> T told(Supplier<T> question, T otherwise) {
        try {
            return CompletableFuture.supplyAsync(question, thread).join();
        } catch (RejectedExecutionException closed) {
            return otherwise;
        }
    }
}
