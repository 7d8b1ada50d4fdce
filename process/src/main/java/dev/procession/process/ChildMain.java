package dev.procession.process;

import dev.procession.core.SerializableAction;
import dev.procession.core.codec.Codec;
import dev.procession.core.codec.UndecodableException;
import dev.procession.process.ControlChannel.Kind;
import dev.procession.process.Hello.Token;
import dev.procession.process.socket.SocketFolder;
import dev.procession.shm.FamilySpace;
import dev.procession.shm.os.Futex;
import dev.procession.shm.os.Signals;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a child JVM begins: it greets its parent, learns who it is, arms the {@link ParentWatch}, and
 * runs its action on the thread {@code main}.
 *
 * <p>What the action throws is told to the parent and then thrown on: so the JVM prints the stack, waits for non-daemon
 * threads and exits with 1, as for any program.
 */
final class ChildMain {
    /**
     * How to reach the parent: {@code fd:IN:OUT} names two open descriptors, {@code door:PATH} a socket. Read here and
     * nowhere else, so a program that inherits it takes itself for no child.
     */
    static final String PARENT = "PROCESSION_PARENT";

    /** The one-time secret the parent will know this child by. */
    static final String TOKEN = "PROCESSION_TOKEN";

    /** The random marks of this child and all its ancestors: finds what descends from it, whoever its parent is now. */
    static final String LINEAGE = "PROCESSION_LINEAGE";

    private static final String DESCRIPTORS = "fd:";
    private static final String DOOR = "door:";
    private static final int USAGE = 64;

    private ChildMain() {}

    /** Called by the JVM. */
    public static void main(String[] arguments) throws Throwable {
        String address = System.getenv(PARENT);
        String token = System.getenv(TOKEN);
        if (address == null || token == null) {
            System.err.println(
                    "procession: this class starts children of a running program; it is not started by hand");
            System.exit(USAGE);
        }
        if (System.getenv(FamilySpace.VARIABLE) != null) {
            linkAhead();
        }
        run(Objects.requireNonNull(address), new Token(Objects.requireNonNull(token)));
    }

    /**
     * A family that shares memory will use it here too. Linking native calls is a third of the time that takes, so
     * another processor does it while this one reads the action.
     */
    private static void linkAhead() {
        Thread.ofPlatform()
                .group(WorkWatch.OURS)
                .name("procession-link")
                .daemon()
                .start(Futex::isAvailable);
    }

    private static void run(String address, Token token) throws Throwable {
        ControlChannel parent;
        Welcome.Received welcome;
        byte[] task;
        try {
            parent = connect(address);
            new Hello(token).send(parent);
            welcome = Welcome.receive(parent);
            Lineage.become(welcome.lineage());
            task = parent.expect(Kind.TASK, Integer.MAX_VALUE).payload();
        } catch (IOException e) {
            throw endWithParent(address, e);
        }
        ClassQuestions.Answers answers =
                address.startsWith(DOOR) ? ParentWatch.over(parent) : () -> parent.receive(Integer.MAX_VALUE);
        if (welcome.code() == Welcome.Code.FETCHED) {
            Thread.currentThread()
                    .setContextClassLoader(new FetchedClasses(
                            ClassLoader.getSystemClassLoader(), new ClassQuestions(parent, answers)));
        }
        try {
            actionOf(task).run();
        } catch (Throwable thrown) {
            tell(parent, thrown);
            throw thrown;
        }
    }

    /** As well as it can: a heap that is full, or a parent that is gone, must not hide what was thrown. */
    private static void tell(ControlChannel parent, Throwable thrown) {
        try {
            parent.send(Kind.FAILED, Failure.encode(thrown));
        } catch (IOException | RuntimeException | Error e) {
            thrown.addSuppressed(e);
        }
    }

    private static ControlChannel connect(String address) throws IOException {
        return address.startsWith(DESCRIPTORS)
                ? inherited(address.split(":", -1))
                : ControlChannel.over(SocketChannel.open(UnixDomainSocketAddress.of(doorOf(address))));
    }

    private static ControlChannel inherited(String[] address) throws IOException {
        Path descriptors = Path.of("/dev/fd");
        return new ControlChannel(
                new FileInputStream(descriptors.resolve(address[1]).toFile()),
                new FileOutputStream(descriptors.resolve(address[2]).toFile()));
    }

    private static Path doorOf(String address) {
        return Path.of(address.substring(DOOR.length()));
    }

    /**
     * Without parent a child ends in silence, with the status it has when the signal comes in time. A parent that died
     * before this child was in has left its door to us.
     */
    private static Error endWithParent(String address, IOException cause) {
        if (address.startsWith(DOOR)) {
            SocketFolder.remove(Objects.requireNonNull(doorOf(address).getParent()));
        }
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
