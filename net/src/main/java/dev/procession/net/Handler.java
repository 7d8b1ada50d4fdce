package dev.procession.net;

import java.io.Serializable;

/**
 * What a server does with one connection: called once for each, in a thread or task of its own, where it may block.
 *
 * <p>When it returns, what it wrote is delivered and the connection is closed. What it throws closes the connection as well, and
 * is reported once; all others go on. Strategies with worker processes send it there, so what it captures must be serializable then.
 */
@FunctionalInterface
public interface Handler extends Serializable {
    /**
     * Serves a connection to its end.
     *
     * @param connection the connection; closed after the return
     * @throws Exception anything; the connection is closed and the failure reported
     */
    void handle(Connection connection) throws Exception;
}
