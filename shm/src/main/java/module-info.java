import org.jspecify.annotations.NullMarked;

/** Memory shared by JVMs of one host: locks and queues that survive the death of any member at any instruction. */
@NullMarked
module dev.procession.shm {
    requires transitive dev.procession.core;
    requires static org.jspecify;

    exports dev.procession.shm;
    exports dev.procession.shm.channel to
            dev.procession.process;
    exports dev.procession.shm.os to
            dev.procession.process,
            dev.procession.net;

    provides dev.procession.core.spi.SpaceProvider with
            dev.procession.shm.ShmSpaceProvider;
}
