/**
 * The bench: every speed claim of the project, measured beside its peers.
 *
 * <p>A {@link dev.procession.bench.Row} names one piece of work and its {@link dev.procession.bench.Contender}s: ours and
 * the peers. {@link dev.procession.bench.Race} runs them alternately, round by round, in one run, so that what else the
 * machine does falls on all of them; {@link dev.procession.bench.Outcome} holds the samples and says whether the row's
 * {@link dev.procession.bench.Target} was reached. A peer that is not installed is named as absent with the line that
 * installs it; its figure is never guessed. {@link dev.procession.bench.Bench} is the command.
 */
@NullMarked
package dev.procession.bench;

import org.jspecify.annotations.NullMarked;
