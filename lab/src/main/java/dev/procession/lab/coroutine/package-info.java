/**
 * Coroutines: {@link dev.procession.lab.coroutine.EatAndPlay} switches by hand, {@link
 * dev.procession.lab.coroutine.HomeworkGreenlet} asks what that costs, {@link dev.procession.lab.coroutine.Gevent} and {@link
 * dev.procession.lab.coroutine.Asyncio} let whoever waits make room for others.
 */
package dev.procession.lab.coroutine;
