package dev.procession.process.manager;

import dev.procession.core.codec.Codec;
import dev.procession.core.codec.Encoded;
import dev.procession.process.manager.ObjectTable.Origin;
import dev.procession.process.manager.ObjectTable.Served;
import dev.procession.process.manager.Turn.Caller;
import dev.procession.process.manager.Turn.Patience;
import dev.procession.process.manager.Turn.WouldWait;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client of a manager, from its greeting to its end. Runs on a thread of its own, which reads, and carries out itself
 * what need not wait; what waits, and every call of a user's object, gets a thread of its own.
 *
 * <p>What ends it: the client's end, which reads as end of file however it came about; a message that is none; the
 * manager's end. Then the waits of its calls are cut short, and what it left in the objects is taken back.
 */
final class Session implements Runnable {
    private static final System.Logger LOG = System.getLogger(Session.class.getPackageName());
    private static final int CHUNK_BYTES = 64 << 10;

    private final Server server;
    private final SocketChannel channel;
    private final FrameReader reader = new FrameReader();
    private final ReentrantLock writing = new ReentrantLock();
    private final ConcurrentHashMap<Long, RunningCall> running = new ConcurrentHashMap<>();

    private volatile boolean gone;

    /** Of the client, as it says. Written before the first call. */
    private volatile long pid;

    Session(Server server, SocketChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /** Whether the client has ended. From then on it can acquire nothing. */
    boolean isGone() {
        return gone;
    }

    @Override
    public String toString() {
        return "client " + pid;
    }

    @Override
    public void run() {
        try (channel) {
            if (admit()) {
                serve();
            }
        } catch (ProtocolException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "refused a connection: socket={0}, {1}, reason={2}",
                    server.socket(),
                    this,
                    e.getMessage());
        } catch (IOException _) {
            // The client's end, or the manager's.
        } finally {
            end();
        }
    }

    // ---- greeting ----

    private boolean admit() throws IOException {
        if (!(next(Message.MAX_GREETING_BYTES) instanceof Message.Hello hello)) {
            return false;
        }
        Message.Nonce ours = Message.Nonce.random();
        byte[] theirs = hello.nonce().bytes();
        byte[] proof = server.address().key().prove(Key.Side.MANAGER, theirs, ours.bytes());
        send(new Message.Challenge(Message.WIRE_VERSION, server.address().manager(), ours, Message.Nonce.of(proof)));
        if (hello.version() != Message.WIRE_VERSION) {
            throw new ProtocolException(
                    "another version: wireVersion=" + hello.version() + ", expected=" + Message.WIRE_VERSION);
        }
        if (!(next(Message.MAX_GREETING_BYTES) instanceof Message.Proof answer)) {
            return false;
        }
        pid = answer.pid();
        if (!server.address().key().isProof(answer.proof().bytes(), Key.Side.CLIENT, theirs, ours.bytes())) {
            send(new Message.Refused("wrong key"));
            throw new ProtocolException("wrong key");
        }
        send(new Message.Welcome(server.filter()));
        return server.admitted(this);
    }

    private Message next(int maxBytes) throws IOException {
        Message message;
        while ((message = reader.next(maxBytes)) == null) {
            if (reader.fill(channel) < 0) {
                throw new EOFException();
            }
        }
        return message;
    }

    // ---- calls ----

    private void serve() throws IOException {
        while (true) {
            switch (next(server.maxMessageBytes())) {
                case Message.Call call -> begin(call);
                case Message.Cancel cancel -> {
                    RunningCall known = running.get(cancel.id());
                    if (known != null) {
                        known.cutShort();
                    }
                }
                default -> throw new ProtocolException("out of order");
            }
        }
    }

    private void begin(Message.Call call) throws IOException {
        Served object = server.objects().find(call.object());
        if (object == null) {
            send(new Message.Threw(call.id(), Failures.encode(ObjectTable.removed())));
        } else if (object.origin() == Origin.USERS) {
            server.runForUser(new RunningCall(call, object));
        } else if (call.caller() == Message.Interrupt.PENDING || !carriedOutAtOnce(call, object)) {
            Thread.ofVirtual().start(new RunningCall(call, object));
        }
    }

    private boolean carriedOutAtOnce(Message.Call call, Served object) throws IOException {
        try {
            send(new Message.Returned(call.id(), carryOut(call, object, Patience.NONE)));
            return true;
        } catch (WouldWait _) {
            return false;
        } catch (IOException e) {
            throw e;
        } catch (Throwable thrown) {
            send(new Message.Threw(call.id(), Failures.encode(thrown)));
            return true;
        }
    }

    private Encoded carryOut(Message.Call call, Served object, Patience patience) throws Throwable {
        Method method = object.methods().get(call.method());
        if (method == null) {
            throw new IllegalArgumentException("the object has no such method: method=" + call.method());
        }
        Codec codec = object.origin() == Origin.OURS ? Building.PLAIN : server.users();
        if (!(codec.open(call.arguments(), Thread.currentThread().getContextClassLoader())
                instanceof @Nullable Object[] arguments)) {
            throw new IllegalArgumentException("not arguments: method=" + call.method());
        }
        try {
            Object result = new Turn(new Caller(this, call.thread()), patience)
                    .carryOut(() -> method.invoke(object.target(), arguments));
            return Codec.standard().prepare(result instanceof Condition made ? serve(made) : result);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object serve(Condition made) {
        return made instanceof ServedCondition
                ? new Remote.Made(server.objects().add(made, Condition.class, Origin.OURS))
                : made;
    }

    /** A call that has a thread of its own. It may be cut short as long as the object works on it, not after. */
    private final class RunningCall implements Runnable {
        private final Message.Call call;
        private final Served object;

        // guarded by this
        private @Nullable Thread thread;
        private boolean cut;
        private boolean over;

        RunningCall(Message.Call call, Served object) {
            this.call = call;
            this.object = object;
            running.put(call.id(), this);
        }

        synchronized void cutShort() {
            cut = true;
            if (thread != null && !over) {
                thread.interrupt();
            }
        }

        private synchronized void arrive() {
            thread = Thread.currentThread();
            if (cut || call.caller() == Message.Interrupt.PENDING) {
                thread.interrupt();
            }
        }

        /** From here on no interrupt comes, so none can hit the sending of the answer. */
        private synchronized void leave() {
            over = true;
            running.remove(call.id());
            if (Thread.interrupted()) {
                cut = true; // too late: the answer says what was done
            }
        }

        @Override
        public void run() {
            Message answer;
            arrive();
            try {
                Encoded value = carryOut(call, object, Patience.ANY);
                leave();
                answer = new Message.Returned(call.id(), value);
            } catch (Throwable thrown) {
                leave();
                boolean removed = server.objects().find(call.object()) == null;
                answer = new Message.Threw(
                        call.id(), Failures.encode(removed && wasCut(thrown) ? ObjectTable.removed() : thrown));
            }
            try {
                if (!gone) {
                    send(answer);
                }
            } catch (IOException _) {
                // The client is gone; the reader sees that too.
            } catch (RuntimeException e) {
                sendInstead(e);
            }
        }

        /** The answer was too large. */
        private void sendInstead(RuntimeException e) {
            try {
                send(new Message.Threw(call.id(), Failures.encode(e)));
            } catch (IOException _) {
                // As above.
            }
        }
    }

    private static boolean wasCut(Throwable thrown) {
        return thrown instanceof InterruptedException || thrown instanceof Turn.CutShort;
    }

    private void send(Message message) throws IOException {
        ByteBuffer frame = message.encode();
        int end = frame.limit();
        writing.lock();
        try {
            while (frame.position() < end) {
                frame.limit(Math.min(end, frame.position() + CHUNK_BYTES));
                channel.write(frame);
            }
        } finally {
            writing.unlock();
        }
    }

    // ---- end ----

    /** Cuts the waits of calls of one object short. */
    void cutShort(long object) {
        running.values().stream().filter(each -> each.call.object() == object).forEach(RunningCall::cutShort);
    }

    /** Hangs up; the session's thread does the rest. */
    void hangUp() {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing more can be done with it.
        }
    }

    private void end() {
        gone = true;
        running.values().forEach(RunningCall::cutShort);
        server.objects().bury(this);
        server.ended(this);
    }
}
