package dev.procession.shm.channel;

import static dev.procession.shm.channel.ChannelLayout.BACKLOG_AT;
import static dev.procession.shm.channel.ChannelLayout.BACKLOG_LIMIT_AT;
import static dev.procession.shm.channel.ChannelLayout.DATA_AT;
import static dev.procession.shm.channel.ChannelLayout.GUEST_AT;
import static dev.procession.shm.channel.ChannelLayout.HOST_AT;
import static dev.procession.shm.channel.ChannelLayout.MAGIC;
import static dev.procession.shm.channel.ChannelLayout.MAGIC_AT;
import static dev.procession.shm.channel.ChannelLayout.NAME;
import static dev.procession.shm.channel.ChannelLayout.RESERVE_AT;
import static dev.procession.shm.channel.ChannelLayout.VERSION;
import static dev.procession.shm.channel.ChannelLayout.VERSION_AT;
import static dev.procession.shm.channel.ChannelLayout.WORKER_AT;
import static dev.procession.shm.channel.ChannelLayout.WORK_AT;
import static dev.procession.shm.channel.ChannelLayout.WORK_SINCE_AT;

import dev.procession.shm.engine.Cells;
import dev.procession.shm.os.OpenFiles;
import dev.procession.shm.os.ProcessIdentity;
import dev.procession.shm.os.SharedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A channel as a third process sees it at one moment: from a copy, changing nothing and believing nothing.
 *
 * @param purpose what it is for
 * @param host the process that made it; alive when it was seen
 * @param guest the process that has come to it; empty if none has
 * @param backlog how much waits at the host for any guest
 * @param reserve whether the guest gets no offers for now
 * @param ahead how many offers the guest has not begun on
 * @param work whether the guest is at work on an offer
 * @param workNanos for how long it is
 */
public record ChannelGlance(
        ChannelPurpose purpose,
        ProcessIdentity host,
        Optional<ProcessIdentity> guest,
        int backlog,
        boolean reserve,
        int ahead,
        boolean work,
        long workNanos) {

    /**
     * Looks at all channels of this user's processes. Those of other versions, and those of which one end is dead, are left
     * out.
     */
    public static List<ChannelGlance> all() {
        List<ChannelGlance> all = new ArrayList<>();
        // A guest keeps its channel open; the host does until the guest is there, or a little longer.
        for (List<Path> descriptors : OpenFiles.labelled(Channel.LABEL).values()) {
            for (Path descriptor : descriptors) {
                look(descriptor)
                        .filter(glance -> glance.isToBeSeenThrough(OpenFiles.processOf(descriptor)))
                        .ifPresent(all::add);
            }
        }
        return List.copyOf(all);
    }

    private boolean isToBeSeenThrough(long pid) {
        return guest.orElse(host).pid() == pid;
    }

    private static Optional<ChannelGlance> look(Path descriptor) {
        try (SharedFile file = SharedFile.openThrough(descriptor)) {
            byte[] bytes = new byte[Math.toIntExact(DATA_AT)];
            int read = file.read(0, bytes);
            Cells cells = new Cells(
                    MemorySegment.ofBuffer(
                            ByteBuffer.allocateDirect(bytes.length).put(0, bytes)),
                    file);
            return read == bytes.length && cells.getInt(MAGIC_AT) == MAGIC && cells.getInt(VERSION_AT) == VERSION
                    ? Optional.ofNullable(of(cells))
                    : Optional.empty();
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    private static @Nullable ChannelGlance of(Cells cells) {
        ProcessIdentity host = ProcessIdentity.unpack(cells.getLong(HOST_AT));
        ProcessIdentity guest = ProcessIdentity.unpack(cells.getLong(GUEST_AT));
        if (host == null || !host.isAlive() || (guest != null && !guest.isAlive())) {
            return null;
        }
        long offer = cells.getLong(WORK_AT);
        return new ChannelGlance(
                new ChannelPurpose(NAME.read(cells, 0), cells.getInt(WORKER_AT), cells.getInt(BACKLOG_LIMIT_AT)),
                host,
                Optional.ofNullable(guest),
                cells.getInt(BACKLOG_AT),
                cells.getInt(RESERVE_AT) != 0,
                Claims.countOpen(cells),
                offer != 0,
                offer == 0 ? 0 : Math.max(0, System.nanoTime() - cells.getLong(WORK_SINCE_AT)));
    }
}
