package dev.procession.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections while there may be more. The place is taken before the connection is accepted: a client beyond the limit waits
 * in the system's queue, where it costs this process nothing.
 *
 * <p>When the system has no descriptors left, the client stays in that queue too, and the socket stays ready: so the acceptor waits
 * for longer each time before it tries again, and says so once.
 */
final class Acceptor implements Runnable {
    private static final Logger LOG = System.getLogger("dev.procession.net");
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** After so long without a failure the next one is reported. */
    private static final Duration CALM = Duration.ofSeconds(10);

    private final Plan plan;
    private final ServerSocketChannel channel;
    private final Carrier carrier;
    private final Sessions sessions;
    private final Tally tally;
    private final Turn turn;
    private final AtomicInteger places;
    private final ConcurrentHashMap<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> accepting = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private volatile boolean stopped;
    private volatile @Nullable Waits waits;

    // The acceptor's own.
    private long lastId;
    private final SpareDescriptor spare = new SpareDescriptor();
    private BackOff backOff = freshBackOff();
    private long lastFailureNanos = System.nanoTime() - CALM.toNanos();

    Acceptor(Plan plan, ServerSocketChannel channel, Carrier carrier, Sessions sessions, Tally tally, Turn turn) {
        this.plan = plan;
        this.channel = channel;
        this.carrier = carrier;
        this.sessions = sessions;
        this.tally = tally;
        this.turn = turn;
        places = new AtomicInteger(plan.limits().maxConnections());
    }

    /** Done when it accepts; fails if it cannot. */
    CompletableFuture<@Nullable Void> accepting() {
        return accepting;
    }

    /** Accepts no more, and waits until that is so. */
    void stop() {
        stopped = true;
        wake();
        ended.join();
    }

    private void wake() {
        Waits asleep = waits;
        if (asleep != null) {
            asleep.wake();
        }
    }

    @Override
    public void run() {
        try {
            Waits own = carrier.acceptorWaits(channel);
            waits = own;
            spare.keep();
            accepting.complete(null);
            try {
                while (!stopped) {
                    accept(own);
                }
            } finally {
                spare.close();
                own.close();
            }
        } catch (IOException | RuntimeException e) {
            if (!accepting.completeExceptionally(e) && !stopped) {
                LOG.log(Level.ERROR, "no connections are accepted any more: server=" + plan.name(), e);
            }
        } finally {
            ended.complete(null);
        }
    }

    private void accept(Waits own) throws IOException {
        boolean waitsForPlace = plan.limits().whenFull() == FullPolicy.WAIT;
        if (waitsForPlace && places.get() <= 0) {
            own.await(0);
            return;
        }
        turn.await();
        SocketChannel accepted;
        try {
            carrier.prepare();
            accepted = channel.accept();
        } catch (IOException e) {
            if (!channel.isOpen()) {
                throw e;
            }
            pause(own, e);
            return;
        }
        if (accepted == null) {
            own.await(SelectionKey.OP_ACCEPT);
            return;
        }
        admit(accepted, own);
    }

    private void admit(SocketChannel accepted, Waits own) throws IOException {
        String address = "";
        try {
            SocketAddress remote = accepted.getRemoteAddress();
            address =
                    remote instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
            if (places.get() <= 0 || isFull(address)) {
                tally.count(Tally.Count.REJECTED);
                accepted.close();
                return;
            }
            accepted.configureBlocking(false);
            if (remote instanceof InetSocketAddress) {
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            start(carrier.transport(accepted), address, describe(remote));
            backOff = freshBackOff();
        } catch (IOException | OutOfMemoryError e) {
            tally.count(Tally.Count.REJECTED);
            accepted.close();
            pause(own, e);
        }
    }

    private void start(Transport transport, String address, String remote) {
        places.decrementAndGet();
        turn.entered();
        if (!address.isEmpty()) {
            perAddress.merge(address, 1, Integer::sum);
        }
        tally.count(Tally.Count.ACCEPTED);
        Session session = new Session(
                ++lastId,
                plan,
                new Connection(transport, plan.limits(), remote),
                tally,
                ending -> ended(ending, address));
        sessions.add(session);
        try {
            carrier.start(lastId, session);
        } catch (OutOfMemoryError noThread) {
            session.close();
            throw noThread;
        }
    }

    private void ended(Session session, String address) {
        if (!address.isEmpty()) {
            perAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
        }
        sessions.remove(session);
        turn.left();
        if (places.getAndIncrement() <= 0) {
            wake();
        }
    }

    private boolean isFull(String address) {
        return !address.isEmpty()
                && perAddress.getOrDefault(address, 0) >= plan.limits().perAddress();
    }

    private static String describe(@Nullable SocketAddress remote) {
        if (remote instanceof InetSocketAddress inet) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        return "unix";
    }

    private static BackOff freshBackOff() {
        return new BackOff(SHORTEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE);
    }

    private void pause(Waits own, Throwable failure) throws IOException {
        long nowNanos = System.nanoTime();
        if (nowNanos - lastFailureNanos >= CALM.toNanos()) {
            spare.lend(() -> LOG.log(
                    Level.WARNING,
                    "cannot take a connection, tries again until it can: server=" + plan.name() + ": "
                            + failure.getMessage()));
        }
        lastFailureNanos = nowNanos;
        Duration pause = backOff.failed(Duration.ZERO);
        long untilNanos = System.nanoTime() + pause.toNanos();
        CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS).execute(this::wake);
        while (!stopped && System.nanoTime() - untilNanos < 0) {
            own.await(0);
        }
    }
}
