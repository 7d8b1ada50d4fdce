package dev.procession.lab.coroutine;

import dev.procession.green.EventLoop;
import dev.procession.green.Green;
import dev.procession.green.Task;
import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What two who eat and play said and when, on {@link System#nanoTime()}'s clock. Immutable; may have happened in another JVM.
 *
 * @param said in order
 * @param fromNanos when it began
 * @param untilNanos when both had ended
 */
record Evening(List<Said> said, long fromNanos, long untilNanos) implements Serializable {
    /** Copies the list. */
    Evening {
        said = List.copyOf(said);
    }

    /** Who said what when. */
    record Said(String who, String words, long nanos) implements Serializable {}

    /** How the two are run, and how they sleep. */
    enum Way {
        PLAIN_CALLS("plain calls") {
            @Override
            void together(Part eat, Part play) throws Exception {
                eat.live();
                play.live();
            }
        },
        GREEN_TASKS("green tasks") {
            @Override
            void together(Part eat, Part play) throws Exception {
                // No warning of a turn that takes long: on one engine that is what is shown.
                try (EventLoop loop =
                        EventLoop.builder().slowTurn(Duration.ofDays(1)).build()) {
                    loop.runToTheEnd(() -> {
                        Task<?> eats = Green.spawn(eat::live);
                        Task<?> plays = Green.spawn(play::live);
                        Green.joinAllOrThrow(List.of(eats, plays));
                        return null;
                    });
                }
            }
        };

        final String words;

        Way(String words) {
            this.words = words;
        }

        abstract void together(Part eat, Part play) throws Exception;
    }

    /** What one of the two does. */
    record Part(String who, String before, String after, Duration nap, List<Said> said) {
        void live() throws InterruptedException {
            say(before);
            Thread.sleep(nap);
            say(after);
        }

        private void say(String words) {
            said.add(new Said(who, words, System.nanoTime()));
        }
    }

    /** Lets the two live, and sleep by plain {@code Thread.sleep}. */
    static Evening live(Way way, String name, Duration eatNap, Duration playNap) throws Exception {
        List<Said> said = new ArrayList<>();
        Part eat = new Part("eat", name + " takes a bite", name + " takes another bite", eatNap, said);
        Part play = new Part("play", name + " plays", name + " plays again", playNap, said);
        long from = System.nanoTime();
        way.together(eat, play);
        return new Evening(said, from, System.nanoTime());
    }

    Duration took() {
        return Duration.ofNanos(untilNanos - fromNanos);
    }

    /** In order: who spoke. */
    List<String> speakers() {
        return said.stream().map(Said::who).toList();
    }

    Lanes lanes() {
        List<Lanes.Lane> lanes = new ArrayList<>();
        for (String who : List.of("eat", "play")) {
            List<Said> own = said.stream().filter(each -> each.who.equals(who)).toList();
            List<Lanes.Mark> marks = own.stream()
                    .map(each -> new Lanes.Mark(each.nanos, Doing.SPEAKS.tint()))
                    .toList();
            lanes.add(new Lanes.Lane(
                    Label.of(who),
                    List.of(new Lanes.Span(own.getFirst().nanos, own.getLast().nanos, Doing.SLEEPS.tint())),
                    marks,
                    ""));
        }
        return Lanes.of(lanes);
    }
}
