/**
 * Servers and clients of byte streams.
 *
 * <p><b>A server.</b> {@link dev.procession.net.StreamServer} listens on a port or a path and calls a
 * {@link dev.procession.net.Handler} for each {@link dev.procession.net.Connection}, which reads lines, frames, bytes or text, and whose
 * writes wait for a slow peer. The {@link dev.procession.net.ServerStrategy} says what carries connections: worker processes,
 * platform threads, virtual threads or one event loop. The handler is the same.
 *
 * <p><b>What can go wrong</b> is a limit of the builder, a number in {@link dev.procession.net.ServerStatistics}, and the cause of the
 * exception that the handler gets: {@link dev.procession.net.ConnectionCutException},
 * {@link dev.procession.net.FrameTooLongException}, {@link dev.procession.net.IncompleteReadException}.
 *
 * <p><b>Inside</b>, read {@code LocalEngine} first: an acceptor takes a permit and a client, a carrier gives it a transport and a thread or
 * task, a session runs the handler and ends the connection, and a sweeper watches all limits of time.
 *
 * <p>What one thread wrote to a connection happens before what the peer's reader gets of it, if both are in one JVM.
 */
package dev.procession.net;
