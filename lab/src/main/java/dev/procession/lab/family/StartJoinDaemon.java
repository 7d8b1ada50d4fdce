package dev.procession.lab.family;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Progress;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Tree;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.lab.stage.Diary;
import dev.procession.lab.stage.Entry;
import dev.procession.process.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What a parent can do with its children: start, ask, join, terminate; and what becomes of a child when its parent ends.
 *
 * <p>Where Python leaves an orphan, we do not: a child whose parent is killed by SIGKILL goes too.
 */
public final class StartJoinDaemon implements Experiment {
    private static final Knob<Integer> CHILDREN =
            Knob.count("children", 5, 1, 50, "how many children are started, then joined");
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 800, "how long each of them sleeps (the course: 2000)");
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(2);
    private static final int SIGTERM_EXIT = -15;

    @Override
    public String id() {
        return "start-join-daemon";
    }

    @Override
    public String title() {
        return "start, join, terminate; who outlives whom";
    }

    @Override
    public String section() {
        return "3.5.2, 3.6, 3.7";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(CHILDREN, NAP);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration nap = knobs.get(NAP);
        try (Progress progress = bench.progress("families", 4)) {
            Joined joined = join(knobs.get(CHILDREN), nap, bench.folder());
            progress.step();
            Terminated terminated = terminate();
            progress.step();
            List<Family> families = new ArrayList<>();
            for (Upbringing upbringing : Upbringing.values()) {
                families.add(raise(upbringing, nap, bench.folder()));
                progress.step();
            }
            return outcome(joined, terminated, families);
        }
    }

    /** Children that slept side by side. */
    private record Joined(List<Actor> children, long tookNanos) {
        boolean allNameUs() {
            String us = String.valueOf(ProcessHandle.current().pid());
            return children.stream()
                    .allMatch(child -> child.entries(Doing.TELLS_PARENT).stream()
                            .map(Entry::text)
                            .toList()
                            .equals(List.of(us)));
        }
    }

    private static Joined join(int count, Duration nap, Path folder) throws InterruptedException {
        String file = folder.resolve("joined.txt").toString();
        try (Cast cast = Cast.within(nap.plusSeconds(60))) {
            long started = System.nanoTime();
            for (int i = 0; i < count; i++) {
                cast.start("Process-" + (i + 1), new Writer(file, "line " + i, nap));
            }
            cast.awaitEnds();
            return new Joined(cast.actors(), System.nanoTime() - started);
        }
    }

    /** A child that was terminated in its sleep. */
    private record Terminated(boolean wasAlive, boolean isAliveAfter, OptionalInt exitCode) {}

    private static Terminated terminate() throws InterruptedException {
        try (Cast cast = Cast.within(Duration.ofSeconds(60))) {
            Actor sleeper = cast.start("Process-to-end", () -> {
                Diary.enters(Doing.SLEEPS);
                Thread.sleep(Mother.FOR_EVER);
            });
            cast.await("the child to sleep", () -> sleeper.isIn(Doing.SLEEPS));
            boolean wasAlive = sleeper.isAlive();
            sleeper.terminate();
            cast.awaitEnds();
            return new Terminated(wasAlive, sleeper.isAlive(), sleeper.exitCode());
        }
    }

    /** How a mother has a child, and how she ends. */
    private enum Upbringing {
        DAEMON(Mother.Kind.DAEMON, Mother.Ending.RETURNS, "returns; her child is a daemon"),
        AWAITED(Mother.Kind.AWAITED, Mother.Ending.RETURNS, "returns; her child is not"),
        KILLED(Mother.Kind.AWAITED, Mother.Ending.STAYS, "is killed by SIGKILL");

        final Mother.Kind kind;
        final Mother.Ending ending;
        final String words;

        Upbringing(Mother.Kind kind, Mother.Ending ending, String words) {
            this.kind = kind;
            this.ending = ending;
            this.words = words;
        }
    }

    /** What became of a mother and her child. */
    private record Family(
            Upbringing upbringing,
            Actor mother,
            long childPid,
            boolean childIsGone,
            boolean childFinished,
            long goneNanos) {
        boolean isRight() {
            return childIsGone && childFinished == (upbringing == Upbringing.AWAITED);
        }

        Tree tree() {
            String fate = childFinished
                    ? "was awaited and finished"
                    : childIsGone
                            ? "gone within "
                                    + Math.max(1, Duration.ofNanos(goneNanos).toMillis()) + " ms of her end"
                            : "STILL THERE after " + ORPHAN_LIMIT.toSeconds() + " s";
            return Tree.of(
                    "mother pid " + mother.pid() + " " + upbringing.words,
                    Tree.of("child pid " + childPid + " " + fate));
        }
    }

    private static Family raise(Upbringing upbringing, Duration nap, Path folder) throws InterruptedException {
        Path file = folder.resolve(upbringing.name() + ".txt");
        Duration childNap = upbringing == Upbringing.AWAITED ? nap : Mother.FOR_EVER;
        try (Cast cast = Cast.within(nap.plusSeconds(60))) {
            Actor mother = cast.start(
                    ChildProcess.builder().name("mother-" + upbringing).nonDaemon(),
                    new Mother(upbringing.kind, upbringing.ending, file.toString(), childNap));
            cast.await("the mother to have her child", () -> mother.has(Doing.HAS_CHILD));
            long childPid =
                    Long.parseLong(mother.entries(Doing.HAS_CHILD).getFirst().text());
            if (upbringing == Upbringing.KILLED) {
                mother.kill();
            }
            cast.awaitEnds();
            boolean gone = Pids.awaitGone(childPid, ORPHAN_LIMIT);
            long goneNanos = Math.max(0, System.nanoTime() - mother.endedNanos());
            return new Family(upbringing, mother, childPid, gone, Files.exists(file), goneNanos);
        }
    }

    private static Outcome outcome(Joined joined, Terminated terminated, List<Family> families) {
        long tookMillis = Duration.ofNanos(joined.tookNanos).toMillis();
        long sumMillis = joined.children.stream()
                .mapToLong(child -> Duration.ofNanos(child.endedNanos() - child.startedNanos())
                        .toMillis())
                .sum();
        boolean sideBySide = joined.children.size() == 1 || tookMillis < sumMillis;
        boolean ended = terminated.wasAlive
                && !terminated.isAliveAfter
                && terminated.exitCode.equals(OptionalInt.of(SIGTERM_EXIT));
        boolean noOrphan = families.stream().allMatch(Family::isRight);
        Figures figures = Figures.none()
                .with("children", joined.children.size(), "child JVMs started, then joined")
                .with("joinedMillis", tookMillis, "ms until the last was joined, their starts included")
                .with("livedMillis", sumMillis, "ms they lived in sum, which is what one after the other would take")
                .with("parentPid", ProcessHandle.current().pid(), "this JVM's; every child names it as its parent")
                .with(
                        "terminatedExitCode",
                        terminated.exitCode.orElse(0),
                        "exit code after terminate(): minus SIGTERM's number")
                .withUnprinted("pids", joined.children.stream().map(Actor::pid).toList());
        for (Family family : families) {
            figures = figures.withUnprinted(
                    family.upbringing.name().toLowerCase(Locale.ROOT) + "ChildGone", family.childIsGone);
        }
        List<Tree> trees = families.stream().map(Family::tree).toList();
        return Outcome.of(
                        Verdict.of(sideBySide && ended && noOrphan && joined.allNameUs()),
                        reason(sideBySide, ended, noOrphan, joined),
                        figures)
                .with(
                        "Started one after another, joined in the end",
                        Lanes.of(joined.children.stream()
                                .map(child -> child.lane(
                                        Doing.class,
                                        Label.of(child.name() + " pid " + child.pid()),
                                        "exit code " + child.exitCode().orElseThrow()))
                                .toList()))
                .with(
                        "What becomes of a child when its parent ends",
                        new Tree("this JVM pid " + ProcessHandle.current().pid(), trees));
    }

    private static String reason(boolean sideBySide, boolean ended, boolean noOrphan, Joined joined) {
        if (!joined.allNameUs()) {
            return "a child did not name this JVM as its parent";
        } else if (!sideBySide) {
            return "the children took as long as one after the other would have";
        } else if (!ended) {
            return "terminate() did not end a child with exit code " + SIGTERM_EXIT;
        }
        return noOrphan
                ? "the children slept side by side; a daemon went with its parent, the other was awaited, and"
                        + " SIGKILL of a parent left no orphan"
                : "a child was not ended or awaited as it should be when its parent ended";
    }
}
