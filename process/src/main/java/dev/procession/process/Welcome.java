package dev.procession.process;

import dev.procession.process.ControlChannel.Frame;
import dev.procession.process.ControlChannel.Kind;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a parent tells its child before the task: who the child is, and who is asking.
 *
 * @param name the child's name
 * @param path its place in the family
 * @param ending what its parent's end means to it
 * @param parent its parent
 * @param code how it finds the classes of its task
 */
record Welcome(String name, List<Integer> path, Lineage.Ending ending, ProcessInfo parent, Code code) {
    /** Where the classes of a task are. */
    enum Code {
        /** On the class path or module path, which a child has from its parent. */
        ON_PATH,
        /** Some are known to the parent only, and are to be asked for. */
        FETCHED
    }

    /** What a child takes from it. */
    record Received(Lineage lineage, Code code) {}

    /** The child's pid comes along, since a JVM takes its time to find out. */
    byte[] encode(long childPid) {
        return ControlChannel.payloadOf(out -> {
            out.writeUTF(name);
            out.writeLong(childPid);
            out.writeInt(path.size());
            for (int number : path) {
                out.writeInt(number);
            }
            out.writeUTF(ending.name());
            out.writeUTF(parent.name());
            out.writeLong(parent.pid());
            out.writeUTF(code.name());
        });
    }

    /** Waits for it, in the child. */
    static Received receive(ControlChannel channel) throws IOException {
        Frame frame = channel.expect(Kind.WELCOME, 1 << 20);
        DataInputStream in = frame.open();
        var self = new ProcessInfo(in.readUTF(), in.readLong());
        List<Integer> path = new ArrayList<>();
        for (int generations = in.readInt(); generations > 0; generations--) {
            path.add(in.readInt());
        }
        Lineage.Ending ending = Lineage.Ending.valueOf(in.readUTF());
        var parent = new ProcessInfo(in.readUTF(), in.readLong());
        return new Received(new Lineage(self, List.copyOf(path), ending, parent), Code.valueOf(in.readUTF()));
    }
}
