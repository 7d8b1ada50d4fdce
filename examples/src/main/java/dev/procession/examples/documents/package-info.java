/**
 * Recipe: the text of a folder of documents that nobody can vouch for.
 *
 * <p>A parser that is fed files from outside meets some that it hangs on, some that fill the heap, and some that crash a
 * native library. {@link dev.procession.examples.documents.HostileDocuments} gives each file to a worker of a pool of
 * processes, with a deadline, a bound on the heap and a number of retries; {@link
 * dev.procession.examples.documents.Outcome} is what became of it; {@link dev.procession.examples.documents.PdfText} is
 * the parser.
 */
@NullMarked
package dev.procession.examples.documents;

import org.jspecify.annotations.NullMarked;
