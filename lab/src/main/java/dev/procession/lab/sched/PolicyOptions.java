package dev.procession.lab.sched;

import dev.procession.lab.experiment.UsageException;
import dev.procession.sched.FeedbackQueues;
import dev.procession.sched.FirstComeFirstServed;
import dev.procession.sched.HighestPriorityFirst;
import dev.procession.sched.HighestResponseRatioNext;
import dev.procession.sched.Levels;
import dev.procession.sched.Lottery;
import dev.procession.sched.Policy;
import dev.procession.sched.Preset;
import dev.procession.sched.ReadyQueue;
import dev.procession.sched.RoundRobin;
import dev.procession.sched.ShortestJobFirst;
import dev.procession.sched.ShortestRemainingTimeFirst;
import dev.procession.sched.Stride;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say how a policy works, and the policies made from them. */
final class PolicyOptions {
    /** All policies by name; {@code eras} is five of them. */
    static final List<String> NAMES =
            List.of("fcfs", "sjf", "srtf", "hrrn", "priority", "rr", "mlfq", "lottery", "stride");

    private static final String DOUBLING = "2^i";
    private static final String STANDARD_AGING = "10";
    private static final int STANDARD_QUEUES = 3;
    private static final int MOST_QUEUES = 1000;

    @Option(
            names = "--preset",
            paramLabel = "BOOK",
            description = "Whose rules break ties: ostep (standard), stallings or silberschatz.")
    private @Nullable String preset;

    @Option(
            names = "--quantum",
            paramLabel = "TIME",
            description = "rr, lottery, stride, eras: the quantum (standard: 1). mlfq: one for all levels, one for each"
                    + " from the highest down (10,20,40), or 2^i (standard: 10).")
    private @Nullable String quantum;

    @Option(names = "--queues", paramLabel = "N", description = "mlfq: how many levels (standard: 3).")
    private @Nullable String queues;

    @Option(
            names = "--allotment",
            paramLabel = "N",
            description = "mlfq: quanta on a level before a job goes down, one for all or one for each (standard: 1).")
    private @Nullable String allotment;

    @Option(
            names = "--boost",
            paramLabel = "TIME",
            description = "mlfq: lift all jobs to the highest level this often (standard: 0, never).")
    private @Nullable String boost;

    @Option(names = "--stay-on-io", description = "mlfq: I/O gives a fresh quantum on the same level.")
    private boolean stayOnIo;

    @Option(names = "--io-bump", description = "mlfq: jobs come back from I/O to the head of their level.")
    private boolean ioBump;

    @Option(
            names = "--priority-order",
            paramLabel = "ORDER",
            description = "priority: small-first (standard) or large-first.")
    private @Nullable String priorityOrder;

    @Option(names = "--preemptive", description = "priority: a better job takes the CPU.")
    private boolean preemptive;

    @Option(
            names = "--aging",
            arity = "0..1",
            paramLabel = "TIME",
            parameterConsumer = NumberIfThere.class,
            description = "priority: waiting jobs become better by one this often (standard: 10).")
    private @Nullable String aging;

    @Option(names = "--draws", paramLabel = "A,B,C", description = "lottery: the draws, instead of chance.")
    private @Nullable String draws;

    @Option(names = "--seed", paramLabel = "N", description = "lottery: where chance begins (standard: 0).")
    private @Nullable String seed;

    @Option(
            names = "--io-time",
            paramLabel = "TIME",
            description = "How long each I/O of a job with ioEvery takes (standard: 5).")
    private @Nullable String ioTime;

    @Option(
            names = "--switch-cost",
            paramLabel = "TIME",
            description = "The time it takes to pass the CPU to another job (standard: 0).")
    private @Nullable String switchCost;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    /** Takes the next word as the option's value only if it is a number: the file with the jobs may stand there. */
    static final class NumberIfThere implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
            boolean number = !words.isEmpty() && words.peek().matches("-?[0-9][0-9.eE]*");
            option.setValue(number ? words.pop() : STANDARD_AGING);
        }
    }

    BigDecimal ioTime() {
        return value("--io-time", ioTime, "5").time();
    }

    long switchCost(TickScale scale) {
        return value("--switch-cost", switchCost, "0").ticks(scale);
    }

    /**
     * A scale fine enough for all times of the command line.
     *
     * @throws UsageException if one of them is no time
     */
    TickScale scale() {
        TickScale scale = TickScale.ofWholeTimes();
        while (true) {
            try {
                if (!DOUBLING.equals(quantum)) {
                    value("--quantum", quantum, "1").positiveTicksEach(scale);
                }
                value("--boost", boost, "0").ticks(scale);
                value("--aging", aging, STANDARD_AGING).positiveTicks(scale);
                value("--io-time", ioTime, "5").ticks(scale);
                switchCost(scale);
                return scale;
            } catch (TickScale.TooCoarseException e) {
                scale = e.finer();
            }
        }
    }

    private static OptionValue value(String option, @Nullable String written, String standard) {
        return new OptionValue(option, written == null ? standard : written);
    }

    /** The options that were given and mean nothing to any of these policies. */
    List<String> unusedBy(Collection<String> policies) {
        var unused = new ArrayList<String>();
        for (OptionSpec option : command.options()) {
            List<String> users = usersOf(option.longestName());
            boolean given = command.commandLine().getParseResult().hasMatchedOption(option);
            if (given && !users.isEmpty() && policies.stream().noneMatch(users::contains)) {
                unused.add(option.longestName());
            }
        }
        return unused;
    }

    /** Empty for an option that concerns all. */
    private static List<String> usersOf(String option) {
        return switch (option) {
            case "--quantum" -> List.of("rr", "mlfq", "lottery", "stride", "eras");
            case "--queues", "--allotment", "--boost", "--stay-on-io", "--io-bump" -> List.of("mlfq");
            case "--priority-order", "--preemptive", "--aging" -> List.of("priority");
            case "--draws", "--seed" -> List.of("lottery");
            default -> List.of();
        };
    }

    /**
     * A policy by its name.
     *
     * @throws UsageException if there is none of that name or an option of it is wrong
     */
    Policy policy(String name, TickScale scale) {
        return switch (name) {
            case "fcfs" -> new FirstComeFirstServed();
            case "sjf" -> new ShortestJobFirst();
            case "srtf" -> new ShortestRemainingTimeFirst();
            case "hrrn" -> new HighestResponseRatioNext();
            case "priority" -> priority(scale);
            case "rr" -> roundRobin(scale);
            case "mlfq" -> feedbackQueues(scale);
            case "lottery" -> lottery(scale);
            case "stride" -> new Stride(oneQuantum(scale), preset());
            default ->
                throw new UsageException("unknown policy " + JobDraft.printable(name) + "; expected "
                        + String.join(", ", NAMES) + " or eras");
        };
    }

    RoundRobin roundRobin(TickScale scale) {
        return new RoundRobin(oneQuantum(scale), preset());
    }

    private HighestPriorityFirst priority(TickScale scale) {
        OptionValue written = value("--priority-order", priorityOrder, "small-first");
        HighestPriorityFirst.Order order = switch (written.text()) {
            case "small-first" -> HighestPriorityFirst.Order.SMALL_FIRST;
            case "large-first" -> HighestPriorityFirst.Order.LARGE_FIRST;
            default -> throw written.wrong("small-first or large-first");
        };
        HighestPriorityFirst policy = HighestPriorityFirst.of(order);
        if (preemptive) {
            policy = policy.withPreemption(HighestPriorityFirst.Preemption.BY_BETTER);
        }
        return aging == null
                ? policy
                : policy.withAging(value("--aging", aging, STANDARD_AGING).positiveTicks(scale));
    }

    private FeedbackQueues feedbackQueues(TickScale scale) {
        FeedbackQueues policy = FeedbackQueues.of(preset(), levels(scale));
        long boostTicks = value("--boost", boost, "0").ticks(scale);
        if (boostTicks > 0) {
            policy = policy.withBoost(boostTicks);
        }
        if (stayOnIo) {
            policy = policy.withAfterIo(FeedbackQueues.AfterIo.FRESH_QUANTUM);
        }
        return ioBump ? policy.withReturnTo(FeedbackQueues.ReturnTo.HEAD) : policy;
    }

    private Levels levels(TickScale scale) {
        Levels levels = quantum == null ? standardLevels(scale) : givenLevels(quantum, scale);
        OptionValue allotments = value("--allotment", allotment, "1");
        try {
            return levels.withAllotments(allotments.wholeEach(1, Long.MAX_VALUE));
        } catch (IllegalArgumentException e) {
            throw allotments.wrong("one number for all levels, or one for each of the " + levels.count());
        }
    }

    private Levels givenLevels(String given, TickScale scale) {
        if (given.equals(DOUBLING)) {
            return Levels.doubling(queueCount(), scale.ticks(BigDecimal.ONE));
        }
        long[] quanta = value("--quantum", given, "").positiveTicksEach(scale);
        if (quanta.length == 1) {
            return Levels.same(queueCount(), quanta[0]);
        }
        if (queues != null && queueCount() != quanta.length) {
            throw value("--quantum", given, "").wrong("one quantum, or one for each of the " + queues + " queues");
        }
        return Levels.of(quanta);
    }

    /** What the books' own examples use. */
    private Levels standardLevels(TickScale scale) {
        return switch (preset()) {
            case OSTEP -> Levels.same(queueCount(), scale.ticks(BigDecimal.TEN));
            case STALLINGS -> Levels.same(queueCount(), scale.ticks(BigDecimal.ONE));
            case SILBERSCHATZ -> {
                long[] quanta = new long[queueCount()];
                for (int i = 0; i < quanta.length; i++) {
                    boolean last = i == quanta.length - 1;
                    quanta[i] = last ? ReadyQueue.NEVER : scale.ticks(BigDecimal.valueOf(8L << Math.min(i, 40)));
                }
                yield Levels.of(quanta);
            }
        };
    }

    private int queueCount() {
        int standard = preset() == Preset.STALLINGS ? Levels.UNLIMITED : STANDARD_QUEUES;
        return queues == null ? standard : (int) value("--queues", queues, "").whole(1, MOST_QUEUES);
    }

    private Lottery lottery(TickScale scale) {
        long ticks = oneQuantum(scale);
        if (draws != null && seed != null) {
            throw new UsageException("--draws beside --seed: expected one of them");
        }
        Lottery lottery = draws == null
                ? Lottery.ofSeed(ticks, value("--seed", seed, "0").whole(Long.MIN_VALUE, Long.MAX_VALUE))
                : Lottery.ofDraws(ticks, value("--draws", draws, "").wholeEach(0, Long.MAX_VALUE));
        // Only somebody who asks for OSTEP's rules by name wants lottery.py's habit of holding a slot to its end.
        return preset == null
                ? lottery
                : lottery.withPreset(preset())
                        .withSlots(preset() == Preset.OSTEP ? Lottery.Slots.WHOLE : Lottery.Slots.CUT_SHORT);
    }

    private long oneQuantum(TickScale scale) {
        return value("--quantum", quantum, "1").positiveTicks(scale);
    }

    Preset preset() {
        String name = preset == null ? "ostep" : preset;
        for (Preset each : Preset.values()) {
            if (each.name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        throw new OptionValue("--preset", name).wrong("ostep, stallings or silberschatz");
    }
}
