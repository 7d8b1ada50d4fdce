package dev.procession.net;

import java.io.Serializable;
import java.time.Duration;

/**
 * A connection of a server at one moment.
 *
 * @param id counts the connections of a server, or of a worker of it
 * @param pid the process that serves it
 * @param remoteAddress who is at the other end, as text
 * @param age since it was accepted
 * @param bytesIn received and read so far
 * @param bytesOut handed to the system so far
 * @param state what it is about
 */
public record ConnectionInfo(
        long id, long pid, String remoteAddress, Duration age, long bytesIn, long bytesOut, ConnectionState state)
        implements Serializable {}
