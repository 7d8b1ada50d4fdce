/**
 * What {@code ./procession doctor} says of shared memory and of pools. {@link dev.procession.lab.doctor.Diagnosis} judges what
 * {@link dev.procession.shm.Examination} and {@link dev.procession.process.RunningPool} saw; {@link
 * dev.procession.lab.doctor.Chart} draws it all. What carries coroutines is another matter, and
 * in {@link dev.procession.lab.doctor.EngineChart}.
 */
package dev.procession.lab.doctor;
