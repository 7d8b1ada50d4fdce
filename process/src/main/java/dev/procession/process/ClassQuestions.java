package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.process.ControlChannel.Kind;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A child asks its parent for classes over the line between them, one at a time: each question is followed by its answer.
 * A parent that is gone ends the wait, since the line then ends.
 */
final class ClassQuestions implements FetchedClasses.Fetch {
    private final ControlChannel parent;
    private final Answers answers;

    /** Where the frames of the parent arrive in this JVM. */
    interface Answers {
        /** Waits for the next one; null at the end of the line. */
        @Nullable
        Frame next() throws IOException;
    }

    ClassQuestions(ControlChannel parent, Answers answers) {
        this.parent = parent;
        this.answers = answers;
    }

    @Override
    public synchronized @Nullable TravellingClass fetch(String name) throws IOException {
        parent.send(Kind.CLASS_WANTED, name.getBytes(StandardCharsets.UTF_8));
        Frame answer = answers.next();
        if (answer == null) {
            throw new EOFException("the parent is gone");
        }
        if (answer.kind() != Kind.CLASS) {
            throw new ProtocolException("not an answer: kind=" + answer.kind());
        }
        DataInputStream in = answer.open();
        return in.readBoolean() ? TravellingClass.read(in) : null;
    }

    /** The parent's part. */
    static void answer(Frame question, @Nullable ClassSource classes, ControlChannel child) throws IOException {
        String name = new String(question.payload(), StandardCharsets.UTF_8);
        TravellingClass found = classes == null ? null : classes.find(name);
        child.send(Kind.CLASS, ControlChannel.payloadOf(out -> {
            out.writeBoolean(found != null);
            if (found != null) {
                found.write(out);
            }
        }));
    }
}
