package dev.procession.lab.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.lab.experiment.UsageException;
import dev.procession.lab.picture.Paper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SchedCommandTest {
    private static final String STALLINGS = "name,arrival,service\nA,0,3\nB,2,6\nC,4,4\nD,6,5\nE,8,2\n";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void jsonIsOneLineOfExactlyThis() {
        String json = run(
                "{\"jobs\":[{\"name\":\"A\",\"arrival\":1,\"bursts\":[{\"cpu\":2},{\"io\":2},{\"cpu\":1}]}]}",
                "--policy",
                "fcfs",
                "--json",
                "-");
        assertThat(json)
                .isEqualTo("{\"policy\":\"fcfs\",\"segments\":[{\"job\":\"A\",\"start\":1,\"end\":3},"
                        + "{\"job\":\"A\",\"start\":5,\"end\":6}],"
                        + "\"jobs\":[{\"job\":\"A\",\"arrival\":1,\"service\":3,\"start\":1,\"finish\":6,\"response\":0,"
                        + "\"turnaround\":5,\"wait\":0,\"blocked\":2,\"normalized\":1.6666666666666667}],"
                        + "\"mean\":{\"response\":0.0,\"turnaround\":5.0,\"wait\":0.0,\"normalized\":1.6666666666666667},"
                        + "\"cpuUtilisation\":0.5,\"makespan\":6,\"switches\":0}\n");
    }

    @Test
    void textIsAChartATableAndMeans() {
        assertThat(run(STALLINGS, "--policy", "rr", "--quantum", "4", "--preset", "stallings", "-"))
                .isEqualTo("""
                        rr: 5 jobs, done at 20, CPU busy 100.00 %, 6 switches

                            0     2     4     6     8     10    12    14    16    18    20
                         A  #########
                         B        ---############------------------------######
                         C              ---------############
                         D                    ---------------############------------###
                         E                          ---------------------------######
                            # runs  - waits

                         job  arrival  service  start  finish  response  turnaround  wait  blocked  norm
                         A          0        3      0       3         0           3     0        0  1.00
                         B          2        6      3      17         1          15     9        0  2.50
                         C          4        4      7      11         3           7     3        0  1.75
                         D          6        5     11      20         5          14     9        0  2.80
                         E          8        2     17      19         9          11     9        0  5.50

                        mean: response 3.60, turnaround 10.00, wait 6.00, normalized 2.71
                        """);
    }

    @Test
    void aChartShowsLevelsAndIoAndShrinksToThePaper() {
        String text = run(
                "{\"jobs\":[{\"name\":\"cpu\",\"service\":120},{\"name\":\"io\",\"arrival\":50,\"service\":12,\"ioEvery\":3}]}",
                "--policy",
                "mlfq",
                "--io-time",
                "10",
                "-");
        assertThat(text.lines().skip(2).limit(4))
                .containsExactly(
                        "      0     10   20    30   40    50    60   70    80   90    100   110  120   130",
                        " cpu  222221111110000000000000000000000000-000000-000000-00000000000000000000000",
                        " io                               22.....22.....222....211",
                        "      2 1 0 runs on that level  - waits  . I/O");
    }

    @Test
    void comparesPoliciesSideBySide() {
        String text = run(STALLINGS, "--compare", "fcfs,sjf,srtf", "-");
        assertThat(text)
                .contains("fcfs: 5 jobs", "sjf: 5 jobs", "srtf: 5 jobs")
                .contains(
                        " means  response  turnaround  wait  normalized   CPU %  switches  done at",
                        " fcfs       4.60        8.60  4.60        2.56  100.00         4       20",
                        " sjf        3.60        7.60  3.60        1.84  100.00         4       20",
                        " srtf       2.00        7.20  3.20        1.59  100.00         5       20")
                .endsWith("least: response srtf, turnaround srtf, wait srtf, normalized srtf\n");
    }

    @Test
    void comparisonsAndErasAreListsInJson() {
        JsonNode compare = json(STALLINGS, "--compare", "fcfs,rr", "--quantum", "1", "--json", "-");
        assertThat(compare.path("policy").asString()).isEqualTo("compare");
        assertThat(texts(compare.path("compare"), "policy")).containsExactly("fcfs", "rr");
        assertThat(compare.path("compare")
                        .get(0)
                        .path("mean")
                        .path("turnaround")
                        .asDouble())
                .isEqualTo(8.6);

        JsonNode eras = json(
                "{\"jobs\":[{\"name\":\"A\",\"bursts\":[{\"io\":3},{\"cpu\":4},{\"io\":2}],\"setup\":2}]}",
                "--policy",
                "eras",
                "--json",
                "-");
        assertThat(texts(eras.path("eras"), "policy"))
                .containsExactly("manual", "offline-batch", "online-batch", "multiprogramming", "time-sharing");
        assertThat(eras.path("eras").get(0).path("makespan").asInt()).isEqualTo(11);
    }

    @Test
    void fractionsStayExact() {
        JsonNode schedule = json("A,0,0.1\nB,0,0.2\nC,0.05,1.50", "--policy", "rr", "--quantum", "0.1", "--json", "-");
        assertThat(schedule.path("makespan").decimalValue()).isEqualByComparingTo("1.8");
        assertThat(schedule.path("jobs").get(1).path("finish").decimalValue()).isEqualByComparingTo("0.4");
        assertThat(schedule.path("mean").path("turnaround").asDouble()).isEqualTo((0.1 + 0.4 + 1.75) / 3);
        assertThat(schedule.path("jobs").get(2).path("arrival").toString()).isEqualTo("0.05");
    }

    /** Rules that only some policy or preset has, told apart by who finishes when. */
    static Stream<Arguments> rules() {
        String draws = "--policy lottery --quantum 3 --draws 0,0,0,0,0,0,0,0";
        return Stream.of(
                Arguments.of("--policy rr --quantum 1 --preset stallings", "4 18 17 20 15"),
                Arguments.of("--policy rr --quantum 1 --preset silberschatz", "4 18 17 20 15"),
                Arguments.of("--policy rr", "3 18 15 20 16"),
                Arguments.of("--policy mlfq --preset stallings --quantum 1", "4 20 16 19 11"),
                Arguments.of("--policy mlfq --preset stallings --quantum 2^i", "4 17 18 20 14"),
                Arguments.of("--policy mlfq --preset stallings --quantum 2^i --queues 2", "4 18 17 20 16"),
                Arguments.of("--policy mlfq --queues 1 --quantum 1", "3 18 15 20 16"),
                Arguments.of("--policy mlfq --quantum 1,2,4", "4 17 18 20 14"),
                Arguments.of("--policy mlfq --quantum 2^i --queues 3", "4 17 18 20 14"),
                Arguments.of("--policy mlfq --quantum 1,2,4 --allotment 2,1,1", "11 19 15 20 10"),
                Arguments.of("--policy mlfq --quantum 1,2,4 --boost 5", "4 16 17 20 14"),
                Arguments.of("--policy mlfq --preset silberschatz", "3 9 13 18 20"),
                Arguments.of("--policy hrrn", "3 9 13 20 15"),
                Arguments.of("--policy srtf", "3 15 8 20 10"),
                Arguments.of("--policy fcfs --switch-cost 1", "3 10 15 21 24"),
                Arguments.of(draws, "3 9 13 18 20"),
                Arguments.of(draws + " --preset ostep", "3 9 15 21 24"),
                Arguments.of(draws + " --preset stallings", "3 9 13 18 20"),
                Arguments.of("--policy stride", "4 19 17 20 15"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void optionsReachThePolicy(String options, String finishes) {
        JsonNode schedule = json(STALLINGS, (options + " --json -").split(" ", -1));
        assertThat(String.join(" ", texts(schedule.path("jobs"), "finish"))).isEqualTo(finishes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--policy priority|B 3,C 11,A 15,D 20",
                "--policy priority --priority-order large-first|D 5,A 9,B 12,C 20",
                "--policy priority --preemptive|C 9,B 11,A 15,D 20",
                "--policy priority --aging 2 --preemptive|B 6,D 17,C 19,A 20",
                "--policy priority --preemptive --aging|C 9,B 11,A 15,D 20"
            })
    void priorityOptionsReachThePolicy(String line) {
        String[] parts = line.split("\\|", -1);
        String jobs = "A,0,4,3\nB,0,3,2\nC,1,8,1\nD,0,5,4";
        JsonNode schedule = json(jobs, (parts[0] + " --json -").split(" ", -1));
        List<String> order = new ArrayList<>();
        for (JsonNode job : schedule.path("jobs").values()) {
            order.add(String.format(
                    "%02d %s", job.path("finish").asInt(), job.path("job").asString()));
        }
        order.sort(null);
        assertThat(order.stream().map(each -> each.substring(3) + " " + Integer.parseInt(each.substring(0, 2))))
                .containsExactly(parts[1].split(",", -1));
    }

    @Test
    void readsAFileByItsPath() throws IOException {
        Path file = Files.writeString(folder.resolve("my jobs.csv"), "\ufeffA, 0, 3\r\n\r\n\"B\", 2, 6, -1\r\n");
        JsonNode schedule = json("", "--policy", "priority", "--json", file.toString());
        assertThat(texts(schedule.path("jobs"), "job")).containsExactly("A", "B");
        assertThat(texts(schedule.path("jobs"), "finish")).containsExactly("3", "9");
    }

    @Test
    void readsAListWithoutAnObjectAroundItAndNumbersAsNames() {
        JsonNode schedule = json(
                "[{\"name\":1,\"service\":2,\"tickets\":3},{\"name\":2,\"service\":1}]",
                "--policy",
                "stride",
                "--json",
                "-");
        assertThat(texts(schedule.path("jobs"), "job")).containsExactly("1", "2");
        assertThat(texts(schedule.path("jobs"), "arrival")).containsExactly("0", "0");
    }

    @Test
    void aNoteOnStandardErrorSaysWhichOptionsMeanNothing() {
        run(STALLINGS, "--policy", "fcfs", "--boost", "5", "--quantum", "3", "--json", "-");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        procession: note: --quantum means nothing to fcfs
                        procession: note: --boost means nothing to fcfs
                        """);
        err.reset();
        run(STALLINGS, "--compare", "fcfs,mlfq", "--boost", "5", "-");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    /** Input, options and the line that answers them. */
    static Stream<Arguments> faults() {
        String fcfs = "--policy fcfs";
        return Stream.of(
                Arguments.of(
                        "A,0", fcfs, "standard input: row 1: found 2 fields; expected name,arrival,service[,priority]"),
                Arguments.of(
                        "name,arrival,service\nA,0,3\nB,,4",
                        fcfs,
                        "standard input: row 3 \"B\": arrival is missing; expected name,arrival,service[,priority]"),
                Arguments.of("A,0,3,1,9", fcfs, "standard input: row 1: found 5 fields; expected name,arrival,service"),
                Arguments.of("A,0,x", fcfs, "standard input: row 1 \"A\": service=x; expected a number"),
                Arguments.of(",0,3", fcfs, "standard input: row 1: name=\"\"; expected a name"),
                Arguments.of("A,-1,3", fcfs, "row 1 \"A\": arrival=-1; expected a time of 0 or more"),
                Arguments.of("A,-0.5,3", fcfs, "row 1 \"A\": arrival=-0.5; expected a time of 0 or more"),
                Arguments.of("A,0,0", fcfs, "row 1 \"A\": service=0; expected a time above 0"),
                Arguments.of("A,0,-3", fcfs, "row 1 \"A\": service=-3; expected a time above 0"),
                Arguments.of("A,0,1e99", fcfs, "service=1E+99; expected a time of at most 1000000000000000"),
                Arguments.of("A,0,1e-10", fcfs, "service=1E-10; expected a time of at most 9 decimals"),
                Arguments.of("A,0,1e-999999999", fcfs, "expected a time of at most 9 decimals"),
                Arguments.of("A,0,3,1.5", fcfs, "priority=1.5; expected a whole number"),
                Arguments.of("A,0,3\nB,0,3\nA,1,2", fcfs, "row 3 \"A\": another job has this name; expected every job"),
                Arguments.of("", fcfs, "standard input: no jobs; expected {\"jobs\":"),
                Arguments.of("name,arrival,service", fcfs, "standard input: no jobs; expected"),
                Arguments.of("{\"jobs\":[]}", fcfs, "standard input: no jobs; expected"),
                Arguments.of("{\"job\":[]}", fcfs, "standard input: line 1: jobs is missing; expected"),
                Arguments.of("{\"jobs\":3}", fcfs, "standard input: line 1: jobs is no list; expected"),
                Arguments.of("{\"jobs\":[", fcfs, "standard input: line 1: not JSON: "),
                Arguments.of("{\"jobs\":[]} x", fcfs, "standard input: line 1: not JSON: "),
                Arguments.of("[] []", fcfs, "text after the end"),
                Arguments.of(
                        "[\n{\"name\":\"A\",\"service\":1},\n7]", fcfs, "job 2 (line 3): found 7; expected an object"),
                Arguments.of(
                        "[{\"name\":\"A\"}]",
                        fcfs,
                        "job 1 \"A\" (line 1): service is missing; expected a time above 0, or bursts"),
                Arguments.of("[{\"service\":1}]", fcfs, "job 1 (line 1): name is missing; expected a name"),
                Arguments.of(
                        "[{\"name\":\"A\\u001b[2J\",\"service\":1}]",
                        fcfs,
                        "name=\"A?[2J\"; expected a name of printable"),
                Arguments.of(
                        "[{\"name\":\"A\",\"servise\":1}]",
                        fcfs,
                        "unknown field servise; expected name, arrival, service"),
                Arguments.of("[{\"name\":\"A\",\"service\":\"1\"}]", fcfs, "service=\"1\"; expected a number"),
                Arguments.of("[{\"name\":\"A\",\"service\":1,\"service\":2}]", fcfs, "service stands there twice"),
                Arguments.of(
                        "[{\"name\":\"A\",\"service\":1,\"bursts\":[{\"cpu\":1}]}]", fcfs, "bursts beside service"),
                Arguments.of("[{\"name\":\"A\",\"bursts\":[{\"io\":1}]}]", fcfs, "bursts without cpu"),
                Arguments.of("[{\"name\":\"A\",\"bursts\":[]}]", fcfs, "bursts without cpu"),
                Arguments.of(
                        "[{\"name\":\"A\",\"bursts\":[{\"gpu\":1}]}]", fcfs, "a burst of gpu; expected {\"cpu\":TIME}"),
                Arguments.of("[{\"name\":\"A\",\"bursts\":[{\"cpu\":0}]}]", fcfs, "cpu=0; expected a time above 0"),
                Arguments.of(
                        "[{\"name\":\"A\",\"service\":1,\"tickets\":0}]",
                        fcfs,
                        "tickets=0; expected a whole number of 1"),
                Arguments.of(STALLINGS, "", "expected either --policy NAME or --compare A,B,C"),
                Arguments.of(STALLINGS, "--policy fcfs --compare sjf,rr", "expected either --policy NAME or --compare"),
                Arguments.of(STALLINGS, "--policy ffcs", "unknown policy ffcs; expected fcfs, sjf, srtf"),
                Arguments.of(STALLINGS, "--compare fcfs,fcfs", "--compare fcfs,fcfs: expected every policy once"),
                Arguments.of(STALLINGS, "--policy rr --quantum 0", "--quantum 0: expected a time above 0"),
                Arguments.of(STALLINGS, "--policy rr --quantum -2", "--quantum -2: expected a time above 0"),
                Arguments.of(STALLINGS, "--policy rr --quantum four", "--quantum four: expected a time above 0"),
                Arguments.of(STALLINGS, "--policy rr --quantum 1,2", "--quantum 1,2: expected one time above 0"),
                Arguments.of(STALLINGS, "--policy rr --quantum 2^i", "--quantum 2^i: expected a time above 0"),
                Arguments.of(STALLINGS, "--policy rr --preset knuth", "--preset knuth: expected ostep, stallings or"),
                Arguments.of(STALLINGS, "--policy mlfq --queues 0", "--queues 0: expected a whole number from 1"),
                Arguments.of(
                        STALLINGS,
                        "--policy mlfq --queues 2 --quantum 1,2,3",
                        "expected one quantum, or one for each of the 2"),
                Arguments.of(
                        STALLINGS,
                        "--policy mlfq --allotment 1,2",
                        "--allotment 1,2: expected one number for all levels"),
                Arguments.of(
                        STALLINGS, "--policy mlfq --allotment 0", "--allotment 0: expected a whole number from 1 up"),
                Arguments.of(STALLINGS, "--policy mlfq --boost -1", "--boost -1: expected a time of 0 or more"),
                Arguments.of(STALLINGS, "--policy mlfq --io-time -1", "--io-time -1: expected a time of 0 or more"),
                Arguments.of(
                        STALLINGS, "--policy fcfs --switch-cost -1", "--switch-cost -1: expected a time of 0 or more"),
                Arguments.of(STALLINGS, "--policy priority --aging 0", "--aging 0: expected a time above 0"),
                Arguments.of(STALLINGS, "--policy priority --priority-order up", "expected small-first or large-first"),
                Arguments.of(
                        STALLINGS,
                        "--policy lottery --draws 1,2",
                        "standard input: lottery: the jobs use one draw for each"),
                Arguments.of(
                        STALLINGS, "--policy lottery --draws 1,-2", "--draws 1,-2: expected a whole number from 0 up"),
                Arguments.of(
                        STALLINGS,
                        "--policy lottery --draws 1 --seed 2",
                        "--draws beside --seed: expected one of them"),
                Arguments.of(
                        "A,0,900000000000000\n".repeat(1),
                        "--policy fcfs --switch-cost 0.000000001",
                        "expected a time of at most 1000000"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void sayInOneLineWhatIsWrongWhereAndWhatWasExpected(String input, String options, String message) {
        List<String> words = new ArrayList<>(Arrays.stream(options.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList());
        words.add("-");
        assertThatThrownBy(() -> run(input, words.toArray(String[]::new)))
                .isInstanceOf(UsageException.class)
                .message()
                .contains(message)
                .hasLineCount(1);
        assertThat(out.size()).as("nothing half-written").isZero();
    }

    @Test
    void saysWhichFileCannotBeRead() {
        String missing = folder.resolve("none.json").toString();
        assertThatThrownBy(() -> run("", "--policy", "fcfs", missing))
                .isInstanceOf(UsageException.class)
                .hasMessage(missing + ": no such file; expected jobs in JSON or CSV, or - for standard input");
        assertThatThrownBy(() -> run("", "--policy", "fcfs", folder.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(folder + ": cannot be read: ");
    }

    @Test
    void manyJobsGiveAShortTable() {
        StringBuilder jobs = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            jobs.append("job").append(i).append(",").append(i).append(",2\n");
        }
        assertThat(run(jobs.toString(), "--policy", "fcfs", "-"))
                .contains(" and 76 more jobs\n", " and 60 more jobs; --json has them all\n");
    }

    @Test
    void aRunWithTooManySlicesForAPictureStillGivesItsFigures() {
        assertThat(run("A,0,1000000000000\nB,0,1000000000000\n", "--policy", "rr", "--quantum", "1", "-"))
                .contains("done at 2000000000000", "(no picture: more than 5000000 slices; --json has them all)")
                .contains("turnaround 1999999999999.50");
    }

    private String run(String input, String... arguments) {
        out.reset();
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var command = new SchedCommand(print(out), print(err), in, Paper.plain());
        new CommandLine(command).parseArgs(arguments);
        assertThat(command.call()).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private JsonNode json(String input, String... arguments) {
        String line = run(input, arguments);
        assertThat(line).endsWith("}\n").hasLineCount(1);
        return JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree(line);
    }

    private static List<String> texts(JsonNode list, String field) {
        return list.values().stream().map(each -> each.path(field).asString()).toList();
    }
}
