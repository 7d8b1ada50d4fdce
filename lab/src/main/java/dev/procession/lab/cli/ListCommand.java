package dev.procession.lab.cli;

import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab list}: the experiments, in the order of the course. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the experiments.")
final class ListCommand implements Callable<Integer> {
    private final PrintStream out;
    private final Paper paper;
    private final List<Experiment> experiments;

    @Option(names = "--json", description = "Print one line of JSON instead.")
    private boolean json;

    ListCommand(PrintStream out, Paper paper, List<Experiment> experiments) {
        this.out = out;
        this.paper = paper;
        this.experiments = experiments;
    }

    @Override
    public Integer call() {
        if (json) {
            Json.print(
                    out,
                    Map.of(
                            "experiments",
                            experiments.stream().map(ListCommand::asMap).toList()));
        } else {
            table().draw(paper).forEach(out::println);
        }
        return ExitCode.OK;
    }

    private Table table() {
        List<List<String>> rows = new ArrayList<>();
        for (Experiment experiment : experiments) {
            rows.add(
                    List.of(experiment.id(), experiment.title(), paper.pick("§ ", "") + firstOf(experiment.section())));
        }
        return new Table(List.of("experiment", "what it shows", "course"), rows);
    }

    /** An experiment may stand for several sections; the list has room for one. */
    private static String firstOf(String sections) {
        int comma = sections.indexOf(',');
        return comma < 0 ? sections : sections.substring(0, comma);
    }

    private static Map<String, Object> asMap(Experiment experiment) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", experiment.id());
        map.put("title", experiment.title());
        map.put("section", experiment.section());
        map.put("knobs", experiment.knobs().stream().map(knob -> knob.option()).toList());
        return map;
    }
}
