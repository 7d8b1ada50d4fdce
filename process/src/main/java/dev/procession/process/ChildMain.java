package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UndecodableException;
import dev.procession.process.ControlChannel.Kind;
import dev.procession.process.Hello.Token;
import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where a child JVM begins: it knocks at its parent's {@link Door}, learns who it is, arms the {@link ParentWatch}, and
 * runs its action on the thread {@code main}.
 *
 * <p>What the action throws is told to the parent and then thrown on: so the JVM prints the stack, waits for non-daemon
 * threads and exits with 1, as for any program.
 */
final class ChildMain {
    /** The door's path. Read here and nowhere else, so a program that inherits it takes itself for no child. */
    static final String DOOR = "PROCESSION_DOOR";

    /** The door's one-time token. */
    static final String TOKEN = "PROCESSION_TOKEN";

    /** The random marks of this child and all its ancestors: finds what descends from it, whoever its parent is now. */
    static final String LINEAGE = "PROCESSION_LINEAGE";

    private static final int USAGE = 64;

    private ChildMain() {}

    /** Called by the JVM. */
    public static void main(String[] arguments) throws Throwable {
        ControlChannel parent = connect(System.getenv());
        Welcome welcome = greeted(parent);
        Lineage.become(welcome.lineage());
        byte[] task = parent.expect(Kind.TASK, Integer.MAX_VALUE).payload();
        ParentWatch.over(parent);
        try {
            actionOf(task).run();
        } catch (Throwable thrown) {
            parent.send(Kind.FAILED, Failure.encode(thrown));
            throw thrown;
        }
    }

    private static ControlChannel connect(Map<String, String> environment) throws IOException {
        String door = environment.get(DOOR);
        String token = environment.get(TOKEN);
        if (door == null || token == null) {
            System.err.println(
                    "procession: this class starts children of a running program; it is not started by hand");
            Runtime.getRuntime().halt(USAGE);
        }
        Path path = Path.of(Objects.requireNonNull(door));
        try {
            var channel = new ControlChannel(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            new Hello(new Token(Objects.requireNonNull(token))).send(channel);
            return channel;
        } catch (IOException e) {
            // Nobody behind the door: the parent died before this child was up. It left the door to us.
            Door.remove(Objects.requireNonNull(path.getParent()));
            throw endWithParent(e);
        }
    }

    private static Welcome greeted(ControlChannel parent) {
        try {
            return Welcome.receive(parent);
        } catch (IOException e) {
            throw endWithParent(e);
        }
    }

    /** A child without parent ends in silence, by the same signal as everywhere else. */
    private static Error endWithParent(IOException cause) {
        Runtime.getRuntime().halt(128 + Signals.KILL);
        return new AssertionError(cause);
    }

    private static SerializableAction actionOf(byte[] task) {
        Object action = Codec.standard().decode(task);
        if (action instanceof SerializableAction known) {
            return known;
        }
        throw new UndecodableException("not an action: " + action, new ClassCastException());
    }
}
