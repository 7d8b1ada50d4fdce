package dev.procession.lab.cli;

import dev.procession.lab.experiment.Chapter;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.picture.Ink;
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

/** {@code lab list}: the experiments, chapter by chapter. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the experiments.")
final class ListCommand implements Callable<Integer> {
    private final PrintStream out;
    private final Paper paper;
    private final List<Chapter> chapters;

    @Option(names = "--json", description = "Print one line of JSON instead.")
    private boolean json;

    ListCommand(PrintStream out, Paper paper, List<Chapter> chapters) {
        this.out = out;
        this.paper = paper;
        this.chapters = chapters;
    }

    @Override
    public Integer call() {
        if (json) {
            Json.print(out, Map.of("experiments", asMaps()));
        } else {
            lines().forEach(out::println);
        }
        return ExitCode.OK;
    }

    /** One table for all, so that its columns stand in line, with each chapter's title before its first row. */
    private List<String> lines() {
        List<List<String>> rows = new ArrayList<>();
        for (Chapter chapter : chapters) {
            for (Experiment experiment : chapter.experiments()) {
                rows.add(List.of(
                        experiment.id(), experiment.title(), paper.pick("§ ", "") + firstOf(experiment.section())));
            }
        }
        List<String> table = new Table(List.of("experiment", "what it shows", "course"), rows).draw(paper);
        List<String> lines = new ArrayList<>(table.subList(0, 1));
        int next = 1;
        for (Chapter chapter : chapters) {
            lines.add(paper.ink(Ink.BOLD, chapter.title()));
            int end = next + chapter.experiments().size();
            lines.addAll(table.subList(next, end));
            next = end;
        }
        return lines;
    }

    /** An experiment may stand for several sections; the list has room for one. */
    private static String firstOf(String sections) {
        int comma = sections.indexOf(',');
        return comma < 0 ? sections : sections.substring(0, comma);
    }

    private List<Map<String, Object>> asMaps() {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Chapter chapter : chapters) {
            for (Experiment experiment : chapter.experiments()) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("id", experiment.id());
                map.put("title", experiment.title());
                map.put("chapter", chapter.title());
                map.put("section", experiment.section());
                map.put(
                        "knobs",
                        experiment.knobs().stream().map(knob -> knob.option()).toList());
                maps.add(map);
            }
        }
        return maps;
    }
}
