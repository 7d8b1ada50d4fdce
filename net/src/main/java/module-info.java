import org.jspecify.annotations.NullMarked;

/** Servers and clients of byte streams: one handler, five ways to carry its connections. */
@NullMarked
module dev.procession.net {
    requires transitive dev.procession.core;
    requires dev.procession.green;
    requires dev.procession.process;
    requires dev.procession.shm;
    requires jdk.jfr;
    requires jdk.unsupported; // sun.misc.Signal alone: a second SIGTERM ends a drain at once
    requires static org.jspecify;

    exports dev.procession.net;
}
