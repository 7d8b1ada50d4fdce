/**
 * Processes and their families: {@link dev.procession.lab.family.Start}, {@link
 * dev.procession.lab.family.StartJoinDaemon}, {@link dev.procession.lab.family.Isolation} and, for all of it, {@link
 * dev.procession.lab.family.HomeworkProcesses}.
 */
package dev.procession.lab.family;
