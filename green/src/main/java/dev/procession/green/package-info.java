/**
 * Coroutines.
 *
 * <p><b>By hand.</b> A {@link dev.procession.green.Greenlet} runs until it switches to another and names whom.
 * {@link dev.procession.green.GreenletScope} ends those that were left in the middle.
 */
package dev.procession.green;
