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
 */
record Welcome(String name, List<Integer> path, Lineage.Ending ending, ProcessInfo parent) {
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
        });
    }

    /** Waits for it, in the child. */
    static Lineage receive(ControlChannel channel) throws IOException {
        Frame frame = channel.expect(Kind.WELCOME, 1 << 20);
        DataInputStream in = frame.open();
        var self = new ProcessInfo(in.readUTF(), in.readLong());
        List<Integer> path = new ArrayList<>();
        for (int generations = in.readInt(); generations > 0; generations--) {
            path.add(in.readInt());
        }
        Lineage.Ending ending = Lineage.Ending.valueOf(in.readUTF());
        return new Lineage(self, List.copyOf(path), ending, new ProcessInfo(in.readUTF(), in.readLong()));
    }
}
