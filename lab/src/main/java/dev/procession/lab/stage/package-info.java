/**
 * How a run is staged: a {@link dev.procession.lab.stage.Cast} starts child JVMs, hears what they tell in their {@link
 * dev.procession.lab.stage.Diary}, bounds every wait and ends whoever is left; a {@link
 * dev.procession.lab.stage.Crew} does so with threads of this JVM; {@link dev.procession.lab.stage.Scratch} is the run's
 * folder.
 */
package dev.procession.lab.stage;
