package dev.procession.bench;

import dev.procession.green.Greenlet;
import java.util.List;

/** Greenlets: what a switch costs, and what a greenlet. */
final class GreenletRows {
    private static final String OURS = "Greenlet";
    private static final String GREENLET = "greenlet (C)";
    private static final String FILE = "coroutines.py";
    private static final int SWITCHES = 100_000;
    private static final int GREENLETS = 10_000;

    private GreenletRows() {}

    static List<Row> all() {
        return List.of(
                row(
                        "greenlet-switch",
                        "switch from main to a greenlet and back, each",
                        "switch-main",
                        1.5,
                        effort -> Crew.play(effort, gate -> switchFromMain(gate.await()))),
                row(
                        "greenlet-pair",
                        "switch between two greenlets, each",
                        "switch-pair",
                        1,
                        effort -> Crew.play(effort, gate -> switchInPairs(gate.await()))),
                row(
                        "greenlet-create",
                        "make a greenlet and run it to its end",
                        "create",
                        20,
                        effort -> Crew.play(effort, gate -> create(gate.await()))));
    }

    private static Row row(String name, String what, String work, double factor, Contender.Work ours) {
        return new Row(
                name,
                what,
                "ns",
                Better.LOWER,
                Contender.of(OURS, ours),
                List.of(Script.pythonWith("greenlet", GREENLET, FILE, work)),
                List.of(new Target.Against(GREENLET, factor)));
    }

    private static double switchFromMain(Window window) throws Exception {
        Greenlet main = Greenlet.current();
        try (Greenlet echo = Greenlet.of(first -> {
            Object value = first;
            while (true) {
                value = main.switchTo(value);
            }
        })) {
            return 1e9
                    / window.perSecond(() -> {
                        for (int i = 0; i < SWITCHES / 2; i++) {
                            Object _ = echo.switchTo(main);
                        }
                        return SWITCHES;
                    });
        }
    }

    private static double switchInPairs(Window window) throws Exception {
        return 1e9
                / window.perSecond(() -> {
                    Greenlet[] pair = new Greenlet[2];
                    pair[0] = Greenlet.of(_ -> {
                        for (int i = 0; i < SWITCHES / 2; i++) {
                            Object _ = pair[1].switchTo();
                        }
                        return null;
                    });
                    pair[1] = Greenlet.of(_ -> {
                        while (true) {
                            Object _ = pair[0].switchTo();
                        }
                    });
                    Object _ = pair[0].switchTo();
                    pair[1].close();
                    return SWITCHES;
                });
    }

    private static double create(Window window) throws Exception {
        return 1e9
                / window.perSecond(() -> {
                    for (int i = 0; i < GREENLETS; i++) {
                        Object _ = Greenlet.of(value -> value).switchTo(OURS);
                    }
                    return GREENLETS;
                });
    }
}
