/**
 * The ticket rush: buyers, each a child JVM, read how many tickets a {@link dev.procession.lab.ticket.TicketFile} has
 * left, think, and write one fewer. {@link dev.procession.lab.ticket.TicketRace} lets them; {@link
 * dev.procession.lab.ticket.TicketLock} gives them a lock to do it under.
 *
 * <p>{@link dev.procession.lab.ticket.Rush} is one run; {@link dev.procession.lab.ticket.Buyer} is what a child does.
 */
package dev.procession.lab.ticket;
