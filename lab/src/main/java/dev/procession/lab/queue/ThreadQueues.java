package dev.procession.lab.queue;

import dev.procession.core.LifoBlockingQueue;
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
import dev.procession.lab.stage.Crew;
import dev.procession.lab.stage.Hand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The three queues for threads: first in first out, last in first out, and by priority. */
public final class ThreadQueues implements Experiment {
    private static final Knob<Integer> ITEMS = Knob.count("items", 6, 1, 1000, "how many items are put, then taken");
    private static final Knob<Integer> SEED =
            Knob.count("seed", 1, 0, Integer.MAX_VALUE, "which shuffle of their priorities");
    private static final Knob<Duration> NAP =
            Knob.millis("nap", 300, "how long a thread sleeps before it puts (the course: 3000)");
    private static final int THREADS = 4;
    private static final int EACH = 500;

    @Override
    public String id() {
        return "thread-queues";
    }

    @Override
    public String title() {
        return "first in, last in, or most urgent first out";
    }

    @Override
    public String section() {
        return "4.14";
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(ITEMS, SEED, NAP);
    }

    /** The queues of the course. */
    private enum Order {
        FIFO("Queue", "LinkedBlockingQueue") {
            @Override
            BlockingQueue<Integer> open() {
                return new LinkedBlockingQueue<>();
            }

            @Override
            List<Integer> claim(List<Integer> in) {
                return in;
            }
        },
        LIFO("LifoQueue", "LifoBlockingQueue") {
            @Override
            BlockingQueue<Integer> open() {
                return new LifoBlockingQueue<>();
            }

            @Override
            List<Integer> claim(List<Integer> in) {
                return in.reversed();
            }
        },
        PRIORITY("PriorityQueue", "PriorityBlockingQueue") {
            @Override
            BlockingQueue<Integer> open() {
                return new PriorityBlockingQueue<>();
            }

            @Override
            List<Integer> claim(List<Integer> in) {
                return in.stream().sorted().toList();
            }
        };

        final String python;
        final String java;

        Order(String python, String java) {
            this.python = python;
            this.java = java;
        }

        abstract BlockingQueue<Integer> open();

        /** In which order they must come out. */
        abstract List<Integer> claim(List<Integer> in);
    }

    /**
     * What came of one queue.
     *
     * @param order which
     * @param in what was put, in order
     * @param out what was taken, in order
     * @param waiter the thread that took from it while it was empty
     * @param putter the thread that put that item after a nap
     * @param lost how many items of many threads never came out
     * @param twice how many came out more than once
     */
    private record Queued(
            Order order, List<Integer> in, List<Integer> out, Hand waiter, Hand putter, int lost, int twice) {
        boolean isRight() {
            return out.equals(order.claim(in)) && waited() && lost == 0 && twice == 0;
        }

        /** Whether it asked before the item was there, and got it when it was. */
        boolean waited() {
            long asked = waiter.entries(Doing.TAKES).getFirst().nanos();
            long put = putter.entries(Doing.PUTS).getFirst().nanos();
            return asked < put && put < waiter.entries(Doing.TOOK).getFirst().nanos();
        }

        List<String> row() {
            return List.of(
                    order.python,
                    order.java,
                    shortened(out),
                    waited() ? "waited" : "DID NOT WAIT",
                    lost + " lost, " + twice + " twice");
        }

        Map<String, Object> asMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("queue", order.java);
            map.put("in", in);
            map.put("out", out);
            map.put("inOrder", out.equals(order.claim(in)));
            map.put("waited", waited());
            map.put("lost", lost);
            map.put("twice", twice);
            return map;
        }
    }

    private static String shortened(List<Integer> items) {
        int most = 10;
        String some = items.stream().limit(most).map(String::valueOf).collect(Collectors.joining(" "));
        return items.size() > most ? some + " ..." : some;
    }

    @Override
    public Outcome run(Knobs knobs, Bench bench) throws InterruptedException {
        List<Integer> in = new ArrayList<>(
                IntStream.rangeClosed(1, knobs.get(ITEMS)).boxed().toList());
        Collections.shuffle(in, new Random(knobs.get(SEED)));
        List<Queued> all = new ArrayList<>();
        try (Crew crew = Crew.within(Duration.ofSeconds(60).plus(knobs.get(NAP).multipliedBy(Order.values().length)))) {
            for (Order order : Order.values()) {
                all.add(queue(order, List.copyOf(in), knobs.get(NAP), crew));
            }
        }
        return outcome(in, all);
    }

    private static Queued queue(Order order, List<Integer> in, Duration nap, Crew crew) throws InterruptedException {
        BlockingQueue<Integer> queue = order.open();
        List<Integer> out = Collections.synchronizedList(new ArrayList<>());
        Hand alone = crew.start(order + "-alone", _ -> {
            for (int item : in) {
                queue.put(item);
            }
            for (int i = 0; i < in.size(); i++) {
                out.add(queue.take());
            }
        });
        crew.awaitEnds(List.of(alone));
        Hand waiter = crew.start(order + "-waiter", self -> {
            self.enters(Doing.TAKES);
            int item = queue.take();
            self.enters(Doing.DONE);
            self.marks(Doing.TOOK, item);
        });
        crew.await("a thread to ask an empty queue", () -> waiter.has(Doing.TAKES));
        Hand putter = crew.start(order + "-putter", self -> {
            self.enters(Doing.NAPS);
            Thread.sleep(nap);
            self.enters(Doing.PUTS);
            queue.put(1);
            self.enters(Doing.DONE);
            self.marks(Doing.PUT, 1);
        });
        crew.awaitEnds(List.of(waiter, putter));
        List<Integer> crowd = crowd(order, queue, crew);
        int different = (int) crowd.stream().distinct().count();
        return new Queued(
                order, in, List.copyOf(out), waiter, putter, THREADS * EACH - different, crowd.size() - different);
    }

    /** Several threads put and several take at once; returns what was taken, and what was left. */
    private static List<Integer> crowd(Order order, BlockingQueue<Integer> queue, Crew crew)
            throws InterruptedException {
        ConcurrentLinkedQueue<Integer> taken = new ConcurrentLinkedQueue<>();
        List<Hand> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int first = i * EACH;
            threads.add(crew.start(order + "-putter-" + i, _ -> {
                for (int item = first; item < first + EACH; item++) {
                    queue.put(item);
                }
            }));
            threads.add(crew.start(order + "-taker-" + i, _ -> {
                for (int n = 0; n < EACH; n++) {
                    taken.add(queue.take());
                }
            }));
        }
        crew.awaitEnds(threads);
        List<Integer> all = new ArrayList<>(taken);
        queue.drainTo(all);
        return all;
    }

    private static Outcome outcome(List<Integer> in, List<Queued> all) {
        List<String> wrong = all.stream()
                .filter(queued -> !queued.isRight())
                .map(queued -> queued.order.java)
                .toList();
        Figures figures = Figures.none()
                .with("items", in.size(), "items put into each queue, then taken")
                .with("putOrder", shortened(in), "the order they were put in; the number is the priority")
                .with("threads", 2 * THREADS, "threads at once at each queue, half of which put " + EACH + " each")
                .with("lost", all.stream().mapToInt(Queued::lost).sum(), "of their items that never came out")
                .with("twice", all.stream().mapToInt(Queued::twice).sum(), "that came out twice")
                .withUnprinted("queues", all.stream().map(Queued::asMap).toList());
        List<Lanes.Lane> lanes = new ArrayList<>();
        for (Queued queued : all) {
            lanes.add(queued.waiter.lane(Doing.class, Label.of(queued.waiter.name()), ""));
            lanes.add(queued.putter.lane(Doing.class, Label.of(queued.putter.name()), ""));
        }
        return Outcome.of(
                        Verdict.of(wrong.isEmpty()),
                        wrong.isEmpty()
                                ? "one gave out what came first, one what came last, one what was most urgent; each let a"
                                        + " thread wait for an item, and gave many threads each item once"
                                : "not as claimed: " + String.join(", ", wrong),
                        figures)
                .with(
                        "Put in the order " + shortened(in) + ", then taken",
                        new Table(
                                List.of(
                                        "Python",
                                        "here",
                                        "came out",
                                        "when empty",
                                        THREADS + " put, " + THREADS + " take"),
                                all.stream().map(Queued::row).toList()))
                .with("take at an empty queue waits until another thread puts", Lanes.of(lanes));
    }
}
