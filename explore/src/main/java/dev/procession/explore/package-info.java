/**
 * Every order in which a small concurrent program can run. Read in this order:
 *
 * <p><b>For users.</b> A {@link dev.procession.explore.Program} has tasks that share {@linkplain
 * dev.procession.explore.Variable variables} and locks, and says what must hold at the end. An {@link
 * dev.procession.explore.Explorer} runs it, and answers with an {@link dev.procession.explore.Exploration}: how many schedules
 * there are, how many fail, and the shortest {@link dev.procession.explore.FailingSchedule}, column by column, with a token
 * that runs it again. {@link dev.procession.explore.junit.ExploreTest} makes a JUnit test of it.
 *
 * <p><b>The journey of a step.</b> A task reads a variable. {@code Variable.get} announces the step to the {@code Run} that is
 * in control of its thread (an {@link dev.procession.core.spi.Interleaving}). The run looks which tasks could go and asks its
 * {@code Route}: {@code EveryOrder} walks the tree of all choices, {@code EveryKind} prunes it to what can end differently.
 * The chosen task gets the baton and goes on until it announces its next step.
 */
package dev.procession.explore;
