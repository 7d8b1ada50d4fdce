package dev.procession.net;

import dev.procession.green.EventLoop;
import dev.procession.green.Promise;
import dev.procession.green.Readiness;
import dev.procession.green.Task;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A task for each connection, on one event loop that also waits for the channels. */
final class LoopCarrier implements Carrier {
    private final EventLoop loop;
    private final FutureTask<@Nullable Void> running;
    private final Thread runner;
    private final Promise<Boolean> end;

    LoopCarrier(String name) throws IOException {
        loop = EventLoop.builder().name(name + "-loop").build();
        FutureTask<Promise<Boolean>> started = new FutureTask<>(Promise::create);
        running = new FutureTask<>(() -> {
            loop.runToTheEnd(() -> {
                started.run();
                return started.resultNow().get();
            });
            return null;
        });
        runner = Thread.ofPlatform().name(name + "-loop-runner").daemon().start(() -> {
            running.run();
            loop.close();
        });
        end = await(started);
    }

    private static <T> T await(FutureTask<T> future) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IOException("the event loop did not start: " + e.getCause(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void startAcceptor(Runnable body) {
        loop.callSoonThreadsafe(() -> start("acceptor", body));
    }

    @Override
    public Waits acceptorWaits(ServerSocketChannel channel) throws IOException {
        return new LoopWaits(loop, Readiness.of(channel));
    }

    @Override
    public void prepare() {
        // the selector is there
    }

    @Override
    public Transport transport(SocketChannel channel) throws IOException {
        return new ChannelTransport(channel, new LoopWaits(loop, Readiness.of(channel)));
    }

    @Override
    public void start(long connection, Runnable body) {
        start("connection-" + connection, body);
    }

    private void start(String name, Runnable body) {
        Task<?> _ = loop.createTask(name, () -> {
            body.run();
            return null;
        });
    }

    @Override
    public void close() {
        if (!end.isDone()) {
            end.complete(true);
        }
        boolean interrupted = false;
        while (runner.isAlive()) {
            try {
                runner.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The waits of a connection's tasks. */
    private record LoopWaits(EventLoop loop, Readiness readiness) implements Waits {
        @Override
        public void await(int operation) throws IOException {
            if (loop.isOnLoop()) {
                readiness.await(operation);
            } else {
                awaitThere(operation);
            }
        }

        /** Somebody writes who is no task of this loop: one of it waits for them. */
        private void awaitThere(int operation) throws IOException {
            try {
                loop.callThreadsafe(() -> {
                            readiness.await(operation);
                            return null;
                        })
                        .join();
            } catch (CompletionException | CancellationException e) {
                throw new IOException("the wait on the event loop was ended", e);
            }
        }

        @Override
        public void wake() {
            readiness.wake();
        }

        @Override
        public void close() {
            readiness.close();
        }
    }
}
