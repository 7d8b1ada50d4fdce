package dev.procession.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A question to several workers, which is over when each has answered or is gone. Used by one thread. */
final class Inquiry {
    private final long number;
    private final List<Worker> asked;
    private final List<ConnectionInfo> found = new ArrayList<>();
    private final CompletableFuture<List<ConnectionInfo>> answer = new CompletableFuture<>();

    Inquiry(long number, List<Worker> asked) {
        this.number = number;
        this.asked = new ArrayList<>(asked);
    }

    /** Makes the order that asks it. */
    interface Question {
        WorkerOrder of(long number);
    }

    void put(Question question) {
        asked.forEach(worker -> worker.line().order(question.of(number)));
        endIfAnswered();
    }

    boolean is(long number) {
        return this.number == number;
    }

    void found(List<ConnectionInfo> connections) {
        found.addAll(connections);
    }

    void answered(Worker worker) {
        asked.remove(worker);
        endIfAnswered();
    }

    private void endIfAnswered() {
        if (asked.isEmpty()) {
            end();
        }
    }

    /** Whoever has not answered will not be waited for. */
    void end() {
        answer.complete(List.copyOf(found));
    }

    /** Completed by this one's thread. */
    CompletableFuture<List<ConnectionInfo>> answer() {
        return answer;
    }
}
