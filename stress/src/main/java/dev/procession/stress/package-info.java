/**
 * Claims about memory order within one JVM, each a race of two threads run millions of times by <a
 * href="https://github.com/openjdk/jcstress">jcstress</a>, in which no forbidden outcome may come up. Each claim is that of
 * a class's javadoc, under "memory effects".
 *
 * <p>Not published. {@code MemoryOrderTest} runs them, in the soak profile.
 */
package dev.procession.stress;
