/**
 * Who gets the processor: how that was settled in history ({@link dev.procession.lab.cpu.Eras}), what it makes of a process
 * ({@link dev.procession.lab.cpu.States}), in turns or at once ({@link dev.procession.lab.cpu.ConcurrentParallel}), and the
 * policies: {@link dev.procession.lab.cpu.FcfsConvoy}, {@link
 * dev.procession.lab.cpu.Sjf}, {@link dev.procession.lab.cpu.RrQuantum}, {@link dev.procession.lab.cpu.Mlfq}. {@link
 * dev.procession.lab.cpu.SimVsReal} does to real processes what the simulator says.
 */
package dev.procession.lab.cpu;
