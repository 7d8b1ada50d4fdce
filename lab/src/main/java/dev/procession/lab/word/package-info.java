/**
 * A word processor: {@link dev.procession.lab.word.WordProcessor} lets one thread, and then three, work on a {@link
 * dev.procession.lab.word.Document}.
 */
package dev.procession.lab.word;
