package dev.procession.lab.family;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import dev.procession.process.ChildProcess;
import dev.procession.process.Output;
import java.time.Duration;

/**
 * A child that has a child of its own.
 *
 * @param kind whether that one is a daemon
 * @param ending what the mother does then
 * @param file the file the grandchild writes a line to, after its nap
 * @param nap how long the grandchild sleeps before
 */
record Mother(Kind kind, Ending ending, String file, Duration nap) implements SerializableAction {
    /** Longer than any run: who sleeps that long is ended by somebody else. */
    static final Duration FOR_EVER = Duration.ofHours(1);

    enum Kind {
        DAEMON,
        AWAITED
    }

    enum Ending {
        /** Its action returns: its work is done. */
        RETURNS,
        /** It goes on until it is killed. */
        STAYS
    }

    @Override
    public void run() throws Exception {
        Diary.enters(Doing.WAITS);
        ChildProcess.Builder builder = ChildProcess.builder().stdout(Output.discarded());
        ChildProcess grandchild =
                (kind == Kind.DAEMON ? builder.daemon() : builder.nonDaemon()).start(new Writer(file, "done", nap));
        Diary.marks(Doing.HAS_CHILD, grandchild.pid());
        if (ending == Ending.STAYS) {
            Thread.sleep(FOR_EVER);
        }
    }
}
