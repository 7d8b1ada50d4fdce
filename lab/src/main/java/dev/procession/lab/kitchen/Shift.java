package dev.procession.lab.kitchen;

import dev.procession.shm.SharedQueue;
import java.io.Serializable;
import java.time.Duration;

/**
 * One counter, and one way to end.
 *
 * @param counter where cooks put and eaters take
 * @param capacity how many dishes it holds
 * @param dishes how many each cook makes
 * @param marksByCook how many end marks each cook puts behind its dishes
 * @param eaters how many of the eaters work in this shift
 * @param eaterPatience how long an eater waits for a dish before it gives up; for ever if zero
 * @param cookTime the unit of time that a dish takes one to three of to cook
 * @param eatTime the same for eating
 */
record Shift(
        SharedQueue<Plate> counter,
        int capacity,
        int dishes,
        int marksByCook,
        int eaters,
        Duration eaterPatience,
        Duration cookTime,
        Duration eatTime)
        implements Serializable {}
