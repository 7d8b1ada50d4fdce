/**
 * The engine of the shared map: a hash table of byte strings in 64 stripes.
 *
 * <pre>
 *   SharedMap      objects, the codec, the views
 *       |
 *   StripedTable   which stripe a key belongs to
 *       |
 *   Stripe         one lock, one root; find, change, move to a larger span
 *       |      \
 *   Records     Spans      what is in a span; which spans are free
 * </pre>
 *
 * <p>In reading order: {@link dev.procession.shm.map.MapLayout} is the picture of the memory, {@link
 * dev.procession.shm.map.Key} what is looked for, {@code Records} how a span is read and written, {@code Stripe} how it
 * is changed in one store, by whom and under what, {@code Spans} where there is room. Two stores are the whole of what
 * others can see: a link, which commits a change, and a root, which commits a move.
 */
package dev.procession.shm.map;
