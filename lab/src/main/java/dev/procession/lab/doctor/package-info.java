/**
 * What {@code ./procession doctor} says of shared memory. {@link dev.procession.lab.doctor.Diagnosis} judges what {@link
 * dev.procession.shm.Examination} saw; {@link dev.procession.lab.doctor.Chart} draws both.
 */
package dev.procession.lab.doctor;
