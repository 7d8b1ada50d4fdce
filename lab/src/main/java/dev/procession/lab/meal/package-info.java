/**
 * Noodles and chopsticks: two who want both, and each takes another first. {@link dev.procession.lab.meal.Noodles} lets them
 * wait for each other and shows who is told; {@link dev.procession.lab.meal.NoodlesFixed} shows three cures. A {@link
 * dev.procession.lab.meal.Diner} eats in a process, a thread or a virtual thread of a {@link dev.procession.lab.meal.Dinner};
 * {@link dev.procession.lab.meal.Orders} runs the same meal in every order there is.
 */
package dev.procession.lab.meal;
