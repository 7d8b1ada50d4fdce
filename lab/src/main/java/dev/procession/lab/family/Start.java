package dev.procession.lab.family;

import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Actor;
import dev.procession.lab.stage.Cast;
import dev.procession.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Three ways to start a child process; each child appends a line to one file. */
public final class Start implements Experiment {
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 200, "how long each child sleeps before it writes (the course: 5000)");
    private static final List<String> LINES = List.of("lqz was here", "egon was here", "jsason, 19, was here");

    @Override
    public String id() {
        return "start";
    }

    @Override
    public String title() {
        return "three ways to start a child process";
    }

    @Override
    public String section() {
        return "3.1, 3.5.1, 3.8";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(NAP);
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        Duration nap = knobs.get(NAP);
        String file = bench.folder().resolve("a.txt").toString();
        try (Cast cast = Cast.within(nap.plusSeconds(60))) {
            // One: an action as a lambda. It captures what it needs; its name is counted.
            String first = LINES.get(0);
            Actor lambda = cast.start(ChildProcess.builder(), () -> Writer.write(file, first, nap));
            // Two: with choices, here a name.
            String second = LINES.get(1);
            Actor named = cast.start(ChildProcess.builder().name("process01"), () -> Writer.write(file, second, nap));
            // Three: a class of its own, whose fields are its state.
            Actor own = cast.start(ChildProcess.builder().name("own-class"), new Writer(file, LINES.get(2), nap));
            cast.awaitEnds();
            return outcome(List.of(lambda, named, own), read(file));
        }
    }

    private static List<String> read(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new BrokenRunException("the children's file cannot be read: " + e, e);
        }
    }

    private static Outcome outcome(List<Actor> children, List<String> written) {
        long parent = ProcessHandle.current().pid();
        List<Long> pids = children.stream().map(Actor::pid).toList();
        Set<String> parents = children.stream()
                .flatMap(child -> child.entries(Doing.TELLS_PARENT).stream())
                .map(entry -> entry.text())
                .collect(Collectors.toSet());
        boolean everyLineOnce =
                written.size() == LINES.size() && Set.copyOf(written).equals(Set.copyOf(LINES));
        boolean ownPids = Set.copyOf(pids).size() == pids.size() && !pids.contains(parent);
        boolean oneParent = parents.equals(Set.of(String.valueOf(parent)));
        Figures figures = Figures.none()
                .with("children", children.size(), "child JVMs started")
                .with("names", children.stream().map(Actor::name).toList(), "their names; the first was not given one")
                .withUnprinted("pids", pids)
                .with("parentPid", parent, "this JVM's, which each child names as its parent")
                .with("lines", written, "what stands in the file, in the order it was written");
        return Outcome.of(
                        Verdict.of(everyLineOnce && ownPids && oneParent),
                        everyLineOnce
                                ? "three children with process ids of their own wrote one line each"
                                : "the file does not hold each child's line once",
                        figures)
                .with(
                        "Who did what when",
                        Lanes.of(children.stream()
                                .map(child -> child.lane(
                                        Doing.class,
                                        Label.of(child.name() + " pid " + child.pid()),
                                        "exit code " + child.exitCode().orElseThrow()))
                                .toList()));
    }
}
