package dev.procession.net;

import dev.procession.core.SerializableAction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a worker process does: serves connections from the socket that is its standard input as {@link ServerStrategy#GREEN}
 * does, and its server's orders, until it has drained.
 */
record WorkerMain(Plan plan, WorkerLine line, Turn turn) implements SerializableAction {
    private static final int PAGE = 1000;

    /** How long a peer may take to read the last of what the handler wrote. */
    private static final Duration LAST_READ = Duration.ofSeconds(10);

    @Override
    public void run() throws Exception {
        var self = new CompletableFuture<Engine>();
        Engine engine = new LocalEngine(plan.withHandler(handler(self)), new Endpoint.Inherited().open(), turn);
        self.complete(engine);
        try {
            turn.begin();
            engine.start();
            line.say(new WorkerNews.Ready());
            while (!follow(line.nextOrder(), engine)) {
                // The next one.
            }
        } finally {
            engine.close();
        }
    }

    /** The user's; where each connection is to have a process of its own, it is called once, and then the worker ends. */
    private Handler handler(CompletableFuture<Engine> engine) {
        if (plan.strategy() != ServerStrategy.PROCESS_PER_CONNECTION) {
            return plan.handler();
        }
        return connection -> {
            engine.join().stopAccepting();
            line.say(new WorkerNews.Taken(engine.join().statistics()));
            try {
                plan.handler().handle(connection);
            } finally {
                line.orderMyself(new WorkerOrder.Drain(LAST_READ));
            }
        };
    }

    /** Does as told; whether that was the last. */
    private boolean follow(WorkerOrder order, Engine engine) throws InterruptedException {
        switch (order) {
            case WorkerOrder.Look(long number) -> line.say(new WorkerNews.Figures(number, engine.statistics()));
            case WorkerOrder.Enumerate(long number) -> enumerate(number, engine.connections());
            case WorkerOrder.Stop() -> {
                engine.stopAccepting();
                line.say(new WorkerNews.Stopped(engine.statistics()));
            }
            case WorkerOrder.Drain drain -> {
                engine.stopAccepting();
                line.say(new WorkerNews.Stopped(engine.statistics()));
                WorkerNews.Outcome outcome =
                        engine.drain(drain.grace()) ? WorkerNews.Outcome.ALL_ENDED : WorkerNews.Outcome.SOME_CUT;
                line.say(new WorkerNews.Drained(engine.statistics(), outcome));
                return true;
            }
        }
        return false;
    }

    private void enumerate(long number, List<ConnectionInfo> all) throws InterruptedException {
        int from = 0;
        do {
            int until = Math.min(all.size(), from + PAGE);
            int pagesLeft = (all.size() - until + PAGE - 1) / PAGE;
            line.say(new WorkerNews.Listed(number, List.copyOf(all.subList(from, until)), pagesLeft));
            from = until;
        } while (from < all.size());
    }
}
