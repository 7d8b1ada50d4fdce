package dev.procession.lab.sched;

import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.picture.Paper;
import dev.procession.sched.Era;
import dev.procession.sched.Job;
import dev.procession.sched.Schedule;
import dev.procession.sched.Simulator;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sched}: what a scheduling policy makes of jobs. */
@Command(
        name = "sched",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs jobs under a scheduling policy, on one simulated CPU, and shows who ran when and who waited.",
            "Policies: fcfs sjf srtf hrrn priority rr mlfq lottery stride, and eras: five, from punched cards to"
                    + " time sharing."
        },
        footer = {
            "",
            "JOBS in JSON:",
            "  {\"jobs\":[{\"name\":\"A\",\"arrival\":0,\"service\":3,\"priority\":1},",
            "           {\"name\":\"B\",\"bursts\":[{\"cpu\":3},{\"io\":2},{\"cpu\":1}]}]}",
            "  Also: \"tickets\" (lottery, stride), \"setup\" (eras), and \"ioEvery\":3 beside",
            "  service: an I/O of --io-time after every 3 of CPU time.",
            "or in CSV: name,arrival,service[,priority]",
            "",
            "Try: printf 'A,0,3\\nB,2,6\\n' | ./procession sched --policy rr --quantum 2 -"
        })
public final class SchedCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final String ERAS = "eras";

    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final Paper paper;

    @Option(names = "--policy", paramLabel = "NAME", description = "Who runs next.")
    private @Nullable String policy;

    @Option(names = "--compare", paramLabel = "A,B,C", description = "Several policies side by side instead.")
    private @Nullable String compare;

    @Mixin
    private final PolicyOptions options = new PolicyOptions();

    @Option(names = "--json", description = "Print one line of JSON on standard output and nothing else.")
    private boolean json;

    @Parameters(paramLabel = "JOBS", description = "A file with the jobs, or - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private String file;

    /**
     * The command.
     *
     * @param out where the answer goes
     * @param err where notes go
     * @param in where {@code -} reads
     * @param paper what the answer is drawn on
     */
    public SchedCommand(PrintStream out, PrintStream err, InputStream in, Paper paper) {
        this.out = out;
        this.err = err;
        this.in = in;
        this.paper = paper;
    }

    /**
     * Does it.
     *
     * @return 0
     * @throws UsageException if an option or the jobs are wrong
     */
    @Override
    public Integer call() {
        List<String> names = policies();
        TickScale scale = options.scale();
        names.forEach(name -> checkPolicy(name, scale));
        JobsInput input = JobsInput.read(file, in);
        JobsInput.Workload workload = input.jobs(scale, options.ioTime());
        for (String option : options.unusedBy(names)) {
            err.println("procession: note: " + option + " means nothing to " + String.join(", ", names));
        }
        List<Schedule> schedules = new ArrayList<>();
        for (String name : names) {
            schedules.addAll(run(name, input.label(), workload));
        }
        print(names, workload, schedules);
        return OK;
    }

    private List<String> policies() {
        if ((policy == null) == (compare == null)) {
            throw new UsageException("expected either --policy NAME or --compare A,B,C; the policies are "
                    + String.join(", ", PolicyOptions.NAMES) + " and " + ERAS);
        }
        if (policy != null) {
            return List.of(policy);
        }
        List<String> names = List.of(String.valueOf(compare).split(",", -1));
        if (new HashSet<>(names).size() < names.size()) {
            throw new UsageException(
                    "--compare " + JobDraft.printable(String.valueOf(compare)) + ": expected every policy once");
        }
        return names;
    }

    /** So that a wrong name or option is said before a large file is read. */
    private void checkPolicy(String name, TickScale scale) {
        if (name.equals(ERAS)) {
            options.roundRobin(scale);
        } else {
            options.policy(name, scale);
        }
    }

    private List<Schedule> run(String name, String label, JobsInput.Workload workload) {
        TickScale scale = workload.scale();
        List<Job> jobs = workload.jobs();
        long switchCost = options.switchCost(scale);
        try {
            if (name.equals(ERAS)) {
                return List.of(Era.values()).stream()
                        .map(era -> era.run(jobs, options.roundRobin(scale), switchCost))
                        .toList();
            }
            return List.of(Simulator.of(options.policy(name, scale))
                    .withSwitchCost(switchCost)
                    .run(jobs));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException(label + ": " + name + ": " + e.getMessage());
        }
    }

    private void print(List<String> names, JobsInput.Workload workload, List<Schedule> schedules) {
        boolean alone = compare == null && schedules.size() == 1;
        if (json) {
            var writer = new ScheduleJson(out, workload.scale());
            if (alone) {
                writer.write(schedules.getFirst());
            } else {
                writer.writeAll(compare == null ? names.getFirst() : "compare", schedules);
            }
            return;
        }
        var printout = new SchedulePrintout(out, paper, workload);
        if (alone) {
            printout.print(schedules.getFirst());
        } else {
            printout.printSideBySide(schedules);
        }
    }
}
