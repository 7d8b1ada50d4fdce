package dev.procession.sched;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.sched.ProcessStates.Instruction;
import dev.procession.sched.ProcessStates.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The states of processes as OSTEP's {@code process-run.py} shows them. */
class ProcessStatesOracleTest {
    static Stream<JsonNode> oracles() {
        return Oracles.named("process-");
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void givesTheSameRowsAsProcessRun(JsonNode oracle) {
        List<String> args = Oracles.each(oracle.path("args")).stream()
                .map(JsonNode::asString)
                .toList();

        ProcessStates.History history = model(args).run(programs(args));

        List<JsonNode> expected = Oracles.each(oracle.path("rows"));
        assertThat(history.rows()).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            ProcessStates.Row row = history.rows().get(i);
            JsonNode other = expected.get(i);
            assertThat(List.of(row.time(), row.ioDone(), shown(row), row.instruction() != null, row.iosInFlight()))
                    .isEqualTo(List.of(
                            other.path("time").asLong(),
                            other.path("io_done").asBoolean(),
                            Oracles.each(other.path("procs")).stream()
                                    .map(JsonNode::asString)
                                    .toList(),
                            other.path("cpu").asBoolean(),
                            other.path("ios").asInt()));
        }
        JsonNode stats = oracle.path("stats");
        long total = history.rows().size();
        assertThat(List.of(
                        total,
                        history.cpuBusyTicks(),
                        Oracles.twoPlaces(100.0 * history.cpuBusyTicks() / total),
                        history.ioBusyTicks(),
                        Oracles.twoPlaces(100.0 * history.ioBusyTicks() / total)))
                .isEqualTo(List.of(
                        stats.path("total").asLong(),
                        stats.path("cpu_busy").asLong(),
                        stats.path("cpu_busy_pct").asString(),
                        stats.path("io_busy").asLong(),
                        stats.path("io_busy_pct").asString()));
    }

    private static List<String> shown(ProcessStates.Row row) {
        var shown = new ArrayList<String>();
        for (int process = 0; process < row.states().size(); process++) {
            State state = row.states().get(process);
            shown.add(
                    process == row.running()
                            ? "RUN:" + row.instruction().name().toLowerCase(java.util.Locale.ROOT)
                            : state.name());
        }
        return shown;
    }

    private static ProcessStates model(List<String> args) {
        ProcessStates model = ProcessStates.ofIoTicks(Long.parseLong(option(args, "-L", "5")));
        if (option(args, "-S", "SWITCH_ON_IO").equals("SWITCH_ON_END")) {
            model = model.withSwitch(ProcessStates.SwitchWhen.ON_END);
        }
        if (option(args, "-I", "IO_RUN_LATER").equals("IO_RUN_IMMEDIATE")) {
            model = model.withAfterIo(ProcessStates.AfterIo.RUN_IMMEDIATELY);
        }
        return model;
    }

    private static String option(List<String> args, String name, String otherwise) {
        return args.contains(name) ? args.get(args.indexOf(name) + 1) : otherwise;
    }

    private static List<List<Instruction>> programs(List<String> args) {
        String given = option(args, "-P", "");
        return given.isEmpty()
                ? Arrays.stream(option(args, "-l", "").split(",", -1))
                        .map(ProcessStatesOracleTest::allOfOneKind)
                        .toList()
                : Arrays.stream(given.split(":", -1))
                        .map(ProcessStatesOracleTest::written)
                        .toList();
    }

    /** {@code 3:0} is three I/Os, {@code 5:100} five ticks of computing. */
    private static List<Instruction> allOfOneKind(String description) {
        String[] parts = description.split(":", -1);
        int count = Integer.parseInt(parts[0]);
        return switch (parts[1]) {
            case "0" -> ProcessStates.doIo(count);
            case "100" -> ProcessStates.compute(count);
            default -> throw new AssertionError("only Python knows what it drew for " + description);
        };
    }

    /** {@code c7,i,c1} is seven ticks of computing, an I/O, and one more tick. */
    private static List<Instruction> written(String program) {
        return Arrays.stream(program.split(",", -1))
                .flatMap(word -> word.equals("i")
                        ? ProcessStates.doIo(1).stream()
                        : ProcessStates.compute(Integer.parseInt(word.substring(1))).stream())
                .toList();
    }
}
