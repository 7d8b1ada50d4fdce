package dev.procession.lab.coroutine;

import dev.procession.green.Greenlet;
import dev.procession.green.GreenletScope;
import dev.procession.lab.experiment.Bench;
import dev.procession.lab.experiment.Experiment;
import dev.procession.lab.experiment.Figures;
import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.lab.experiment.Outcome;
import dev.procession.lab.experiment.Verdict;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two greenlets that switch to each other: eat, play, eat, play. A switch names whom it goes to, and what it hands over; the
 * one that ends hands over to its parent, here the main greenlet, and leaves the other suspended.
 */
public final class EatAndPlay implements Experiment {
    private static final Knob<Integer> ROUNDS = Knob.count("rounds", 2, 1, 20, "how often each has a turn");
    private static final String NAME = "egon";

    @Override
    public String id() {
        return "greenlet";
    }

    @Override
    public String title() {
        return "eat and play switch to each other by hand";
    }

    @Override
    public String section() {
        return "6.2";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(ROUNDS);
    }

    /** Somebody had the thread and said something. */
    private record Turn(String who, String says) {}

    /** One evening: all that is seen of it. */
    private static final class Evening {
        private final int rounds;
        private final List<Turn> turns = new ArrayList<>();
        private final Greenlet eat = Greenlet.of(this::eats);
        private final Greenlet play = Greenlet.of(this::plays);
        private @Nullable Object handedToMain;
        private boolean eatWasDead;
        private boolean cleanedUp;

        Evening(int rounds) {
            this.rounds = rounds;
        }

        void pass() {
            turns.add(new Turn("main", "switches to eat, with the name"));
            handedToMain = eat.switchTo(NAME);
            turns.add(new Turn("main", "is back, handed \"" + handedToMain + "\""));
            eatWasDead = eat.isDead();
            eat.close();
        }

        private Object eats(Object name) {
            try {
                for (int bite = 1; bite <= rounds; bite++) {
                    turns.add(new Turn("eat", name + " takes bite " + bite));
                    play.switchTo(name);
                }
                return "not reached: play ends first";
            } finally {
                cleanedUp = true;
            }
        }

        private Object plays(Object name) {
            for (int game = 1; game <= rounds; game++) {
                turns.add(new Turn("play", name + " plays game " + game));
                if (game < rounds) {
                    eat.switchTo();
                }
            }
            return name + " is tired";
        }

        boolean isLadder() {
            List<Turn> inner = turns.subList(1, turns.size() - 1);
            boolean right = inner.size() == 2 * rounds;
            for (int i = 0; right && i < inner.size(); i++) {
                String words = i % 2 == 0 ? " takes bite " : " plays game ";
                right = inner.get(i).equals(new Turn(i % 2 == 0 ? "eat" : "play", NAME + words + (i / 2 + 1)));
            }
            return right;
        }

        /** The one that ended is dead, and its result went up; the other waited for ever, until it was closed. */
        boolean endsRight() {
            return (NAME + " is tired").equals(handedToMain)
                    && play.isDead()
                    && !eatWasDead
                    && eat.isDead()
                    && cleanedUp;
        }
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) {
        try (GreenletScope _ = GreenletScope.open()) {
            Evening evening = new Evening(knobs.get(ROUNDS));
            evening.pass();
            return outcome(evening);
        }
    }

    private static Outcome outcome(Evening evening) {
        Figures figures = Figures.none()
                .with("switches", evening.turns.size() - 1, "switches, the end of play among them")
                .with("handedToMain", String.valueOf(evening.handedToMain), "what play's end handed to its parent")
                .with("playDead", evening.play.isDead(), "whether play was dead then")
                .with("eatDead", evening.eatWasDead, "whether eat was")
                .with("eatCleanedUp", evening.cleanedUp, "whether eat's finally ran when it was closed")
                .withUnprinted("turns", evening.turns.stream().map(Turn::who).toList())
                .withUnprinted("said", evening.turns.stream().map(Turn::says).toList());
        return Outcome.of(Verdict.of(evening.isLadder() && evening.endsRight()), reason(evening), figures)
                .with("One thread, and who has it", ladder(evening.turns))
                .with("What they said", table(evening.turns));
    }

    private static String reason(Evening evening) {
        if (!evening.isLadder()) {
            return "the turns were not eat and play in turn: " + evening.turns;
        } else if (!evening.endsRight()) {
            return "the end was not as it should be: handed to main: " + evening.handedToMain + ", play dead: "
                    + evening.play.isDead() + ", eat dead: " + evening.eatWasDead + ", cleaned up: "
                    + evening.cleanedUp;
        }
        return "the turns went as the switches said, eat and play in turn; play's end went to main, and eat, left"
                + " suspended, cleaned up when it was closed";
    }

    private static Lanes ladder(List<Turn> turns) {
        List<Lanes.Lane> lanes = new ArrayList<>();
        for (String who : List.of("main", "eat", "play")) {
            List<Lanes.Span> spans = new ArrayList<>();
            int last = 0;
            for (int tick = 0; tick < turns.size(); tick++) {
                if (turns.get(tick).who().equals(who)) {
                    if (!spans.isEmpty()) {
                        spans.add(new Lanes.Span(last, tick, Doing.SUSPENDED.tint()));
                    }
                    spans.add(new Lanes.Span(tick, tick + 1L, Doing.RUNS.tint()));
                    last = tick + 1;
                }
            }
            if (who.equals("eat")) {
                spans.add(new Lanes.Span(last, turns.size(), Doing.SUSPENDED.tint()));
            }
            List<Lanes.Mark> marks = who.equals("play") ? List.of(new Lanes.Mark(last, Doing.ENDS.tint())) : List.of();
            lanes.add(new Lanes.Lane(Label.of(who), spans, marks, who.equals("eat") ? "until closed" : ""));
        }
        return Lanes.ofTicks(lanes);
    }

    private static Table table(List<Turn> turns) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            rows.add(List.of(String.valueOf(i), turns.get(i).who(), turns.get(i).says()));
        }
        return new Table(List.of("turn", "greenlet", "says"), rows);
    }
}
