package dev.procession.process.pool;

/** How what was thrown in one JVM is told in another; see {@code RemoteThrowable}. Neither way fails. */
public interface Failures {
    /** What was thrown, in bytes. */
    byte[] encode(Throwable thrown);

    /** The exception with its remote stack, or a stand-in. */
    Throwable decode(byte[] payload);
}
