package dev.procession.lab.cli;

import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** An outcome for people: head, pictures under their captions, figures, and the verdict on the last line. */
final class Printout {
    private static final Pattern WORDS = Pattern.compile(" ");

    private final PrintStream out;
    private final Paper paper;

    Printout(PrintStream out, Paper paper) {
        this.out = out;
        this.paper = paper;
    }

    void print(Experiment experiment, Outcome outcome, Duration took) {
        out.println(paper.ink(Ink.BOLD, experiment.id()) + ": " + experiment.title()
                + paper.ink(Ink.DIM, " (course " + experiment.section() + ")"));
        for (Outcome.Captioned captioned : outcome.pictures()) {
            out.println();
            paragraph(captioned.caption()).forEach(line -> out.println(paper.ink(Ink.BOLD, line)));
            captioned.picture().draw(paper).forEach(out::println);
        }
        print(outcome.figures());
        out.println();
        verdict(outcome, took).forEach(out::println);
        out.flush();
    }

    private void print(Figures figures) {
        List<List<String>> rows = new ArrayList<>();
        for (Figures.Figure figure : figures.all()) {
            if (!figure.says().isEmpty()) {
                rows.add(List.of(figure.name(), asText(figure.value()), figure.says()));
            }
        }
        if (!rows.isEmpty()) {
            out.println();
            new Table(List.of(), rows).draw(paper).forEach(out::println);
        }
    }

    private static String asText(Object value) {
        return value instanceof List<?> list
                ? String.join(" ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private List<String> verdict(Outcome outcome, Duration took) {
        String words = outcome.verdict().words();
        List<String> lines =
                new ArrayList<>(paragraph(words + ": " + outcome.reason() + " (" + took.toMillis() + " ms)"));
        lines.set(
                0, paper.ink(inkOf(outcome.verdict()), words) + lines.getFirst().substring(words.length()));
        return lines;
    }

    private static Ink inkOf(Verdict verdict) {
        return switch (verdict) {
            case SHOWN -> Ink.GREEN;
            case NOT_SHOWN -> Ink.YELLOW;
            case BROKEN -> Ink.RED;
        };
    }

    /** The words of a text, as many on a line as fit. */
    private List<String> paragraph(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : WORDS.splitAsStream(paper.legible(text)).toList()) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > paper.columns()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
