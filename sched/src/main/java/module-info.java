import org.jspecify.annotations.NullMarked;

/** The scheduling simulator: jobs and a policy in, the exact schedule out. Pure: no thread, no clock, no file. */
@NullMarked
module dev.procession.sched {
    requires static org.jspecify;

    exports dev.procession.sched;
}
