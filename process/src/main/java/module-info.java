import org.jspecify.annotations.NullMarked;

/** Child JVMs: started with a lambda, watched, killable, never orphaned. */
@NullMarked
module dev.procession.process {
    requires transitive dev.procession.core;
    requires dev.procession.shm;
    requires java.management;
    requires jdk.jfr;
    requires jdk.net;
    requires static org.jspecify;

    exports dev.procession.process;
}
