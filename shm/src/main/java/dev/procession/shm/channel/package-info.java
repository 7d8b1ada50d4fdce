/**
 * A private line between two JVMs: a host, who makes it, and one guest. For module {@code dev.procession.process}, whose
 * pools have one such line to each worker (DESIGN D2).
 *
 * <pre>
 *   host                                                          guest
 *   Sender   --- ring of bytes, written by the host alone ----->  Receiver
 *   Receiver <-- ring of bytes, written by the guest alone -----  Sender
 *   Claims       offer, revoke  <--- one word an offer --->       take
 *   Orders       interrupt, dump --- a few words, a bell ----->   a thread that listens
 *   isGuestGone  <------------------ life word -----------------  held by a thread of the guest for life
 * </pre>
 *
 * <p>In reading order: {@link dev.procession.shm.channel.Channel} makes, attaches to and closes the line, {@code
 * ChannelLayout} is the picture of its memory. {@link dev.procession.shm.channel.Sender} and {@link
 * dev.procession.shm.channel.Receiver} carry {@link dev.procession.shm.channel.Frame frames} of any size; {@link
 * dev.procession.shm.channel.Claims} says, at each instant and to whoever survives, which of the frames the guest has begun
 * on.
 *
 * <p>{@link dev.procession.shm.channel.ChannelGlance} is what a third process sees of a line, for people: what each side
 * says to it decides nothing. {@link dev.procession.shm.channel.EndOfChild} lets those who look for deadlocks see a parent that waits for its child.
 *
 * <p>There is no lock in this memory, and each word but those of the claims has one writer: a process that dies at any
 * instruction leaves nothing to repair. What it had not published does not exist.
 */
package dev.procession.shm.channel;
