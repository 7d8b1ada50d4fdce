/**
 * The kitchen: cooks put dishes on a counter, eaters take them off; the counter is a {@link
 * dev.procession.shm.SharedQueue} with room for three. How does an eater learn that no more will come? {@link
 * dev.procession.lab.kitchen.ProducerConsumer} and {@link dev.procession.lab.kitchen.ProducersConsumers} try what the
 * course tries, what fails included.
 *
 * <p>{@link dev.procession.lab.kitchen.Kitchen} holds the child JVMs, which work shift after shift; a {@link
 * dev.procession.lab.kitchen.Shift} is one counter and one way to end.
 */
package dev.procession.lab.kitchen;
