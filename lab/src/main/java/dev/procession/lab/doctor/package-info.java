/**
 * What {@code ./procession doctor} says of shared memory. {@link dev.procession.lab.doctor.Diagnosis} judges what {@link
 * dev.procession.shm.Examination} saw; {@link dev.procession.lab.doctor.Chart} draws both. What carries coroutines is another matter, and
 * in {@link dev.procession.lab.doctor.EngineChart}.
 */
package dev.procession.lab.doctor;
