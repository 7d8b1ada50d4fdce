/**
 * TCP servers that answer what they hear in upper case: {@link dev.procession.lab.server.TcpServer} compares the ways to
 * serve many at once, {@link dev.procession.lab.server.TcpProcess}, {@link dev.procession.lab.server.TcpThread} and {@link
 * dev.procession.lab.server.TcpGreen} look at one each.
 */
package dev.procession.lab.server;
