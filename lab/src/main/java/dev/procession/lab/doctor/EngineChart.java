package dev.procession.lab.doctor;

import dev.procession.green.EngineRung;
import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Paper;
import dev.procession.lab.picture.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What carries coroutines in this JVM, for people and for programs.
 *
 * @param rungs the ladder, the best first
 */
public record EngineChart(List<EngineRung> rungs) {
    private Optional<EngineRung> inUse() {
        return rungs.stream().filter(EngineRung::isInUse).findFirst();
    }

    /**
     * How good that is.
     *
     * @return healthy if ordinary blocking calls overlap; else somebody should look at it
     */
    public Severity severity() {
        return inUse().filter(EngineRung::overlapsBlockingCalls).isPresent() ? Severity.HEALTHY : Severity.WARNING;
    }

    /**
     * For people.
     *
     * @param paper what it is drawn on
     * @return lines
     */
    public List<String> draw(Paper paper) {
        List<List<String>> rows = rungs.stream().map(EngineChart::row).toList();
        List<String> lines = new Table(List.of("rung", "self-test", "how, or why not"), rows).draw(paper);
        String verdict = inUse().map(rung -> "coroutines are carried by the engine " + rung.name()
                        + (rung.overlapsBlockingCalls() ? "" : ": a blocking call of the JDK holds up its whole loop"))
                .orElse("coroutines do not work: -Dprocession.engine names an engine that does not work in this JVM");
        lines.add(paper.ink(severity() == Severity.HEALTHY ? Ink.GREEN : Ink.YELLOW, verdict));
        return lines;
    }

    private static List<String> row(EngineRung rung) {
        String fault = rung.fault();
        return List.of(
                rung.name(),
                fault != null ? "failed" : rung.isInUse() ? "passed, in use" : "passed",
                fault == null ? rung.description() : fault);
    }

    /**
     * For programs.
     *
     * @return one object
     */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("engine", inUse().map(EngineRung::name).orElse(null));
        map.put("ladder", rungs);
        return map;
    }
}
