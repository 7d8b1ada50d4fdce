package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.picture.Paper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way of {@code ./procession sched}: exit codes, and one line on standard error. */
class SchedThroughCommandsTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String jobs = "";

    @BeforeEach
    void writeJobs() throws IOException {
        jobs = Files.writeString(folder.resolve("jobs.csv"), "A,0,3\nB,2,6\n").toString();
    }

    @Test
    void aRunExitsWithZero() {
        assertThat(execute("sched", "--policy", "fcfs", "--json", jobs)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("{\"policy\":\"fcfs\"")
                .hasLineCount(1);
        assertThat(err.size()).isZero();
    }

    @Test
    void agingNeedsNoNumberBeforeTheFile() {
        assertThat(execute("sched", "--policy", "priority", "--preemptive", "--aging", jobs))
                .isZero();
        assertThat(execute("sched", "--policy", "priority", "--aging", "3", jobs))
                .isZero();
        assertThat(execute("sched", "--policy", "priority", "--aging=3", jobs)).isZero();
        assertThat(err.size()).isZero();
    }

    @Test
    void aFaultExitsWith64AndOneLine() throws IOException {
        Files.writeString(Path.of(jobs), "A,0,3\nB,2\n");
        assertThat(execute("sched", "--policy", "fcfs", jobs)).isEqualTo(64);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "procession: " + jobs + ": row 2: found 2 fields; expected name,arrival,service[,priority]\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void wrongUsageExitsWith64() {
        assertThat(execute("sched")).isEqualTo(64);
        assertThat(execute("sched", "--policy", "fcfs")).isEqualTo(64);
        assertThat(execute("sched", jobs)).isEqualTo(64);
        assertThat(execute("sched", "--policy", "nice", jobs)).isEqualTo(64);
        assertThat(execute("sched", "--policy", "rr", "--quantum", "0", jobs)).isEqualTo(64);
        assertThat(execute("sched", "--quantun", "3", "--policy", "rr", jobs)).isEqualTo(64);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .hasLineCount(6)
                .contains("Did you mean --quantum?")
                .doesNotContain("\tat ");
        assertThat(out.size()).isZero();
    }

    private int execute(String... arguments) {
        Terminal terminal = new Terminal(false, false, Paper.plain());
        return new Commands(print(out), print(err), terminal, List.of()).execute(arguments);
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
