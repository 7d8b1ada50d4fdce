/**
 * Processes and their families: {@link dev.procession.lab.family.Start}, {@link
 * dev.procession.lab.family.StartJoinDaemon} and {@link dev.procession.lab.family.Isolation}.
 */
package dev.procession.lab.family;
