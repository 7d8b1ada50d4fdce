package dev.procession.green.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.green.EngineRung;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ladder: which rung a JVM stands on, and what it says about it. */
class EngineTest {
    private static final String NOT_OPENED =
            "flag: java.base/java.lang.invoke is not opened to this library by --add-opens";
    private static final String CARRIERS =
            "single-carrier: jdk.virtualThreadScheduler.parallelism and .maxPoolSize are not both 1";

    /** Prints the ladder, for other JVMs, and then the rung that coroutines are on. */
    public static final class PrintLadder {
        private PrintLadder() {}

        public static void main(String[] args) {
            for (EngineRung rung : EngineRung.ladder()) {
                String works = rung.isInUse() ? "in use" : "works";
                System.out.println(rung.name() + ": " + (rung.fault() == null ? works : rung.fault()));
            }
            System.out.println(Engine.rung());
        }
    }

    @Test
    void theTestsRunOnTheEngineTheyAreMeantFor() {
        String meant = System.getProperty("procession.test.engine", "reflection");

        assertThat(Engine.rung()).isEqualTo(Rung.of(meant));
        assertThat(EngineRung.ladder())
                .filteredOn(EngineRung::isInUse)
                .extracting(EngineRung::name)
                .containsExactly(meant);
    }

    @Test
    void aStockJvmUsesContinuationsWithoutFlagOrWarning() throws Exception {
        assertThat(ladderOf())
                .containsExactly(NOT_OPENED, "reflection: in use", CARRIERS, "baton: works", "REFLECTION");
    }

    @Test
    void aFlagIsPreferred() throws Exception {
        assertThat(ladderOf("--add-opens", "java.base/java.lang.invoke=ALL-UNNAMED"))
                .containsExactly("flag: in use", "reflection: works", CARRIERS, "baton: works", "FLAG");
    }

    @Test
    void anEngineThatTheUserNamesAndThatDoesNotWorkIsAnError() throws Exception {
        assertThat(ladderOf("-Dprocession.engine=baton"))
                .containsExactly(NOT_OPENED, "reflection: works", CARRIERS, "baton: in use", "BATON");
        assertThat(ladderOf("-Dprocession.engine=single-carrier"))
                .startsWith(NOT_OPENED, "reflection: works", CARRIERS, "baton: works")
                .anySatisfy(line -> assertThat(line)
                        .contains("procession.engine=single-carrier does not work in this JVM")
                        .contains("parallelism"));
        assertThat(ladderOf("-Dprocession.engine=turbo"))
                .anySatisfy(
                        line -> assertThat(line).contains("expected one of flag, reflection, single-carrier, baton"));
    }

    @Test
    void namesAreRead() {
        assertThat(Rung.of("single-carrier")).isEqualTo(Rung.SINGLE_CARRIER);
        assertThatThrownBy(() -> Rung.of("Baton")).isInstanceOf(IllegalArgumentException.class);
    }

    /** What a new JVM with these options prints, errors included. */
    private static List<String> ladderOf(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PrintLadder.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        process.waitFor();
        return lines;
    }
}
