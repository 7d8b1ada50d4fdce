/**
 * What an experiment is: {@link dev.procession.lab.experiment.Experiment} has {@link dev.procession.lab.experiment.Knob
 * knobs}, runs on a {@link dev.procession.lab.experiment.Bench} and ends with an {@link
 * dev.procession.lab.experiment.Outcome}: a {@link dev.procession.lab.experiment.Verdict} with its reason, {@link
 * dev.procession.lab.experiment.Figures} and pictures.
 *
 * <p>An experiment never fakes. What it claims it has measured in this run, and when something it needs fails it is
 * {@link dev.procession.lab.experiment.Verdict#BROKEN}, never shown.
 */
package dev.procession.lab.experiment;
