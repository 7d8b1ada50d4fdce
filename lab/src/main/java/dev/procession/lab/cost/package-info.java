/**
 * What threads and processes cost, and what they bring: {@link dev.procession.lab.cost.Cost} and {@link
 * dev.procession.lab.cost.CpuThreadsProcesses}.
 */
package dev.procession.lab.cost;
