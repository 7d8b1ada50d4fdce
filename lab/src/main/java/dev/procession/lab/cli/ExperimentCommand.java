package dev.procession.lab.cli;

import dev.procession.lab.experiment.BrokenRunException;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.stage.Scratch;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code lab run ID} for one experiment: its knobs become options, its outcome an exit code. */
final class ExperimentCommand implements Callable<Integer> {
    private final Experiment experiment;
    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;
    private final Map<String, OptionSpec> options = new LinkedHashMap<>();
    private final OptionSpec json = OptionSpec.builder("--json")
            .type(boolean.class)
            .description("Print one line of JSON on standard output and nothing else.")
            .build();

    ExperimentCommand(Experiment experiment, PrintStream out, PrintStream err, Terminal terminal) {
        this.experiment = experiment;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** The command as picocli wants it. */
    CommandSpec spec() {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(experiment.id());
        spec.usageMessage()
                .sortOptions(false)
                .abbreviateSynopsis(true)
                .description(experiment.title() + " (course " + experiment.section() + ").");
        for (Knob<?> knob : experiment.knobs()) {
            OptionSpec option = OptionSpec.builder(knob.option())
                    .type(String.class)
                    .paramLabel(knob.unit())
                    .description(describe(knob))
                    .build();
            options.put(knob.name(), option);
            spec.addOption(option);
        }
        return spec.addOption(json).mixinStandardHelpOptions(true);
    }

    private static String describe(Knob<?> knob) {
        String standard = knob.write(knob.standard());
        return knob.says() + ": " + knob.expected() + (standard.isEmpty() ? "." : " (default: " + standard + ").");
    }

    @Override
    public Integer call() throws InterruptedException {
        Knobs knobs = Knobs.read(experiment.knobs(), texts());
        boolean asJson = Boolean.TRUE.equals(json.getValue());
        long started = System.nanoTime();
        Outcome outcome = run(knobs);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        if (asJson) {
            Json.print(out, asMap(outcome, knobs, took));
        } else {
            new Printout(out, terminal.paper()).print(experiment, outcome, took);
        }
        return outcome.verdict().exitCode();
    }

    private Outcome run(Knobs knobs) throws InterruptedException {
        try (Scratch scratch = Scratch.create()) {
            return experiment.run(knobs, new TerminalBench(scratch.folder(), err, terminal));
        } catch (BrokenRunException broken) {
            if (broken.getCause() != null) {
                broken.getCause().printStackTrace(err);
            }
            return Outcome.of(Verdict.BROKEN, broken.reason(), Figures.none());
        } catch (UncheckedIOException | UnsupportedOperationException refused) {
            return Outcome.of(Verdict.BROKEN, "the system refused: " + refused.getMessage(), Figures.none());
        }
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        options.forEach((name, option) -> {
            String text = option.getValue();
            if (text != null) {
                texts.put(name, text);
            }
        });
        return texts;
    }

    private Map<String, Object> asMap(Outcome outcome, Knobs knobs, Duration took) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", experiment.id());
        map.put("verdict", outcome.verdict().words());
        map.put("reason", outcome.reason());
        outcome.figures().all().forEach(figure -> map.put(figure.name(), figure.value()));
        map.put("knobs", knobs.asWritten());
        map.put("tookMillis", took.toMillis());
        return map;
    }
}
