package dev.procession.lab.bookshop;

import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Hand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A bookshop with a clerk, a thread of its own, for each call. For one caller's thread. */
final class Shop {
    private final Crew crew;
    private final Duration latency;
    private final List<Hand> clerks = new ArrayList<>();

    /**
     * A shop.
     *
     * @param crew where its clerks come from
     * @param latency how long a clerk searches for a book
     */
    Shop(Crew crew, Duration latency) {
        this.crew = crew;
        this.latency = latency;
    }

    /** Asks for a book; the answer comes when a clerk has found it, on the clerk's thread. */
    CompletableFuture<String> ask(String title) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        clerks.add(crew.start("clerk", hand -> {
            hand.enters(Doing.SEARCHES);
            Thread.sleep(latency);
            hand.enters(Doing.DONE);
            answer.complete(title);
        }));
        return answer;
    }

    /** Those who searched, in order. */
    List<Hand> clerks() {
        return List.copyOf(clerks);
    }
}
