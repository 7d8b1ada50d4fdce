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
    byte[] encode() {
        return ControlChannel.payloadOf(out -> {
            out.writeUTF(name);
            out.writeInt(path.size());
            for (int number : path) {
                out.writeInt(number);
            }
            out.writeUTF(ending.name());
            out.writeUTF(parent.name());
            out.writeLong(parent.pid());
        });
    }

    static Welcome receive(ControlChannel channel) throws IOException {
        Frame frame = channel.expect(Kind.WELCOME, 1 << 20);
        DataInputStream in = frame.open();
        String name = in.readUTF();
        int generations = in.readInt();
        List<Integer> path = new ArrayList<>();
        for (int i = 0; i < generations; i++) {
            path.add(in.readInt());
        }
        Lineage.Ending ending = Lineage.Ending.valueOf(in.readUTF());
        return new Welcome(name, List.copyOf(path), ending, new ProcessInfo(in.readUTF(), in.readLong()));
    }

    Lineage lineage() {
        return new Lineage(new ProcessInfo(name, ProcessHandle.current().pid()), path, ending, parent);
    }
}
