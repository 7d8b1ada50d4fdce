/**
 * The command line: {@link dev.procession.lab.cli.Main} takes the arguments, a command of picocli each answers, and a
 * {@link dev.procession.lab.cli.Printout} prints an outcome for people or as one line of JSON.
 */
package dev.procession.lab.cli;
