/**
 * The lab: each example of the course as an experiment that runs for real and says what happened.
 *
 * <p>In reading order: {@code cli} parses the command line and prints; {@code experiment} says what an experiment is (its
 * knobs, its outcome, its verdict); {@code stage} starts the child JVMs of a run, hears what they do and bounds every
 * wait; {@code picture} draws lanes, histograms, trees and tables as text; {@code family}, {@code ticket} and
 * {@code kitchen} hold the experiments themselves.
 */
package dev.procession.lab;
