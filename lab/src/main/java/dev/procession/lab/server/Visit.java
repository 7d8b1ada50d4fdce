package dev.procession.lab.server;

import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Hand;
import java.time.Duration;
import java.util.List;

/** What came of one client's visit, from its diary. */
record Visit(Client client, Hand hand) {
    Served served() {
        return Served.read(greeting().text());
    }

    long greetedNanos() {
        return greeting().nanos();
    }

    private Entry greeting() {
        return hand.entries(Doing.GREETED).getFirst();
    }

    long lastAnswerNanos() {
        return hand.entries(Doing.ANSWERED).getLast().nanos();
    }

    /** From its start to the first word of the server. */
    Duration waited() {
        return Duration.ofNanos(
                greetedNanos() - hand.entries(Doing.WAITS).getFirst().nanos());
    }

    List<String> answers() {
        return hand.entries(Doing.ANSWERED).stream().map(Entry::text).toList();
    }

    boolean isAnsweredRight() {
        return answers().equals(client.expected());
    }

    Lanes.Lane lane(String label, String ending) {
        return hand.lane(Doing.class, Label.of(label), ending);
    }
}
