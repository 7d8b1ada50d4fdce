/** The lab. */
module dev.procession.lab {
    requires dev.procession.process;
    requires dev.procession.shm;
    requires info.picocli;

    opens dev.procession.lab to
            info.picocli;
}
