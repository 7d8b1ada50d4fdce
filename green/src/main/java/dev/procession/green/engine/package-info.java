/**
 * What carries greenlets and tasks: all that depends on the inside of the JDK is in this package.
 *
 * <p>{@link dev.procession.green.engine.Engine} climbs down a ladder of four {@linkplain
 * dev.procession.green.engine.Rung rungs} when it is first used, and stays on the first that passes its self-test.
 * {@link dev.procession.green.engine.Internals} holds the doors into the JDK, where there are any.
 *
 * <p>A {@link dev.procession.green.engine.Coroutine} runs until it suspends itself and goes on when told to; greenlets
 * are made of them.
 *
 * <p>A {@link dev.procession.green.engine.Dispatcher} lets {@linkplain dev.procession.green.engine.Fiber fibers} take
 * turns, one at a time and in the order in which they became ready; an event loop is made of one. Its
 * {@link dev.procession.green.engine.Timers} say when what becomes ready by itself.
 */
package dev.procession.green.engine;
