/** A room for a few: {@link dev.procession.lab.room.SemaphoreEventTimer}; {@link dev.procession.lab.room.Visit} judges it. */
package dev.procession.lab.room;
