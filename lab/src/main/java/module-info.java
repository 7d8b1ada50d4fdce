import org.jspecify.annotations.NullMarked;

/** The lab: every example of the course run for real, with its picture, its figures and its verdict. */
@NullMarked
module dev.procession.lab {
    requires dev.procession.core;
    requires dev.procession.explore;
    requires dev.procession.green;
    requires dev.procession.net;
    requires dev.procession.process;
    requires dev.procession.sched;
    requires dev.procession.shm;
    requires info.picocli;
    requires java.management;
    requires jdk.compiler;
    requires me.tongfei.progressbar;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires static org.jspecify;

    // picocli reads the annotations of the commands.
    opens dev.procession.lab.cli to
            info.picocli;
    opens dev.procession.lab.sched to
            info.picocli;
}
