package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.process.ControlChannel.Kind;
import dev.procession.process.Spawner.Spawned;
import dev.procession.shm.os.Signals;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks after one child, from its start to its end, with these threads:
 *
 * <pre>{@code
 *  procession-NAME          waits for the end of the process, then for the others, then tells all who wait;
 *                           non-daemon for a non-daemon child, so that this JVM outlives it
 *  procession-NAME-control  tells the child who it is and what to do, gives it classes, hears what went wrong
 *  procession-NAME-stdout   } carry its output, where it is carried at all
 *  procession-NAME-stderr   }
 * }</pre>
 *
 * <p>What ends each wait: the end of the process ends all. It closes the child's ends of the channel and the pipes; a
 * process that inherited them may keep them open, so the first thread waits for the others a while only.
 */
final class Attendant {
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** The exit code of a child that somebody else has collected: native code that waits for any child. */
    private static final int UNKNOWN = 255;

    private static final long STACK_BYTES = 256 << 10;

    private final ChildProcess child;
    private final Spawned process;
    private final List<Pumping> pumps = new ArrayList<>();
    private final @Nullable ClassSource classes;
    private final Optional<TrainedArchive> archive;
    private final Thread control;

    /** The payload of the frame FAILED. Written by the control thread, read once that ended. */
    private volatile byte @Nullable [] failure;

    /** Why the line is no more, where the child's end is not the reason. As {@link #failure}. */
    private volatile @Nullable IOException broken;

    private volatile Stage stage = Stage.EXPECTED;
    private volatile @Nullable ControlChannel channel;

    /** How far the conversation came. */
    enum Stage {
        /** The child has not been told its action. */
        EXPECTED,
        /** It has, as far as this side knows. */
        TOLD
    }

    private record Pumping(LinePump pump, Thread thread) {}

    Attendant(
            ChildProcess child,
            Spawned process,
            Welcome welcome,
            byte[] task,
            Optional<ClassSource> classes,
            Optional<TrainedArchive> archive) {
        this.child = child;
        this.process = process;
        this.classes = classes.orElse(null);
        this.archive = archive;
        this.control = thread("-control").daemon().unstarted(() -> converse(welcome, task));
    }

    /** Carries a stream of the child's output; called before {@link #start}. */
    void carry(LinePump pump, String stream) {
        pumps.add(new Pumping(pump, thread("-" + stream).daemon().unstarted(pump)));
    }

    void start() {
        pumps.forEach(each -> each.thread().start());
        control.start();
        thread("").daemon(child.isDaemon()).start(this::attend);
    }

    private Thread.Builder.OfPlatform thread(String suffix) {
        return Thread.ofPlatform()
                .group(WorkWatch.OURS)
                .name("procession-" + child.name() + suffix)
                .stackSize(STACK_BYTES);
    }

    /** Whether the thread is one that the child's end waits for. */
    boolean owns(Thread thread) {
        return thread == control || pumps.stream().anyMatch(each -> each.thread() == thread);
    }

    /** Whether all that was written to its output so far has gone where it goes. */
    boolean isOutputRead() {
        return pumps.stream()
                .allMatch(each -> !each.thread().isAlive() || each.pump().isDry());
    }

    private void converse(Welcome welcome, byte[] task) {
        try (ControlChannel admitted = process.admit()) {
            channel = admitted;
            admitted.send(Kind.WELCOME, welcome.encode(process.pid()));
            admitted.send(Kind.TASK, task);
            stage = Stage.TOLD;
            archive.ifPresent(used -> used.childIsUp(process.pid()));
            Frame frame;
            while ((frame = admitted.receive(Integer.MAX_VALUE)) != null) {
                switch (frame.kind()) {
                    case FAILED -> failure = frame.payload();
                    case CLASS_WANTED -> ClassQuestions.answer(frame, classes, admitted);
                    case HELLO, WELCOME, TASK, CLASS ->
                        throw new ProtocolException("out of order: got=" + frame.kind());
                }
            }
        } catch (ProtocolException e) {
            broken = e;
            process.signal(Signals.KILL); // what does not speak our language must not go on
        } catch (IOException _) {
            // The process ended: before it said hello, or before it had heard all.
        }
    }

    private void attend() {
        int exitCode = UNKNOWN;
        try {
            exitCode = process.awaitEnd();
            awaitConversation();
            for (Pumping each : pumps) {
                awaitQuiet(each);
            }
        } catch (InterruptedException _) {
            // Nobody interrupts this thread but a program that interrupts all: it gets what is there.
        } catch (IllegalStateException e) {
            broken = new IOException("nobody can say how it ended", e);
        } finally {
            byte[] thrown = failure;
            child.ended(exitCode, thrown != null ? Failure.decode(thrown, loader()) : broken, stage);
        }
    }

    /** Knows the classes of what the child threw. */
    private @Nullable ClassLoader loader() {
        return classes != null ? classes.loader() : Thread.currentThread().getContextClassLoader();
    }

    private void awaitConversation() throws InterruptedException {
        ControlChannel open = channel;
        if (!control.join(LAST_WORDS) && open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // It is of no more use.
            }
        }
    }

    /** Waits until a stream has come to its end, or has been quiet in other hands than the child's. */
    private static void awaitQuiet(Pumping pumping) throws InterruptedException {
        while (!pumping.thread().join(Duration.ofMillis(50))) {
            if (pumping.pump().isQuietFor(QUIET_NANOS)) {
                return;
            }
        }
    }
}
