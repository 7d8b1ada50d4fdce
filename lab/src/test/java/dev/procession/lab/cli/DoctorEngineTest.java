package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor --engine}, in JVMs with the flags that matter. */
class DoctorEngineTest {
    private record Said(int exitCode, List<String> lines) {}

    private static Said doctor(List<String> jvmOptions, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "doctor"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        return new Said(process.waitFor(), lines);
    }

    @Test
    void a_stock_jvm_stands_on_the_second_rung_and_says_why_not_on_the_first() throws Exception {
        Said said = doctor(List.of(), "--engine");

        assertThat(said.exitCode()).isZero();
        assertThat(said.lines()).hasSize(6);
        assertThat(said.lines().get(1)).contains("flag", "failed", "--add-opens");
        assertThat(said.lines().get(2)).contains("reflection", "passed, in use", "sun.reflect.ReflectionFactory");
        assertThat(said.lines().get(3)).contains("single-carrier", "failed", "parallelism");
        assertThat(said.lines().get(4)).contains("baton", "passed").doesNotContain("in use");
        assertThat(said.lines().get(5)).contains("carried by the engine reflection");
    }

    @Test
    void what_needs_a_look_is_an_exit_code_of_1() throws Exception {
        Said onBaton = doctor(List.of("-Dprocession.engine=baton"), "--engine");
        assertThat(onBaton.exitCode()).isEqualTo(1);
        assertThat(onBaton.lines()).last().asString().contains("engine baton", "holds up its whole loop");

        Said none = doctor(List.of("-Dprocession.engine=single-carrier"), "--engine");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.lines()).last().asString().contains("coroutines do not work");
    }

    @Test
    void programs_get_one_line() throws Exception {
        Said said = doctor(List.of("--add-opens", "java.base/java.lang.invoke=ALL-UNNAMED"), "--engine", "--json");

        JsonNode line = new JsonMapper().readTree(said.lines().getFirst());
        assertThat(said.lines()).hasSize(1);
        assertThat(line.get("engine").asString()).isEqualTo("flag");
        assertThat(line.get("ladder")).hasSize(4);
        assertThat(line.get("ladder").get(2).get("fault").asString()).contains("parallelism");
    }

    @Test
    void misuse_is_refused() throws Exception {
        for (List<String> arguments :
                List.of(List.of("--engine", "kitchen"), List.of("--engine", "--watch"), List.of("--engines"))) {
            assertThat(doctor(List.of(), arguments.toArray(String[]::new)).exitCode())
                    .as(arguments.toString())
                    .isEqualTo(64);
        }
        Said turbo = doctor(List.of("-Dprocession.engine=turbo"), "--engine");
        assertThat(turbo.exitCode()).isEqualTo(64);
        assertThat(turbo.lines()).anySatisfy(line -> assertThat(line).contains("no such engine", "reflection"));
    }
}
