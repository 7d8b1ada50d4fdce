/**
 * The {@code sched} command: jobs from a file, a policy from the command line, the simulator's answer as a picture, a table
 * or JSON.
 *
 * <p>{@code SchedCommand} holds it together. {@code JobsInput} reads {@code JsonJobs} or {@code CsvJobs}, whose rows
 * become jobs in {@code JobDraft}; {@code TickScale} turns the decimals people write into the whole ticks of the
 * simulator and back. {@code PolicyOptions} makes policies. {@code ScheduleJson}, {@code SchedulePrintout} and {@code
 * GanttChart} show what came of it.
 */
package dev.procession.lab.sched;
