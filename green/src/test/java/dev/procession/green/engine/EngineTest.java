package dev.procession.green.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ladder: which rung a JVM stands on, and what it says about it. */
class EngineTest {
    /** Prints the rung, for other JVMs. */
    public static final class PrintRung {
        private PrintRung() {}

        public static void main(String[] args) {
            Engine.describe().forEach(System.out::println);
        }
    }

    @Test
    void theTestsRunOnTheEngineTheyAreMeantFor() {
        String meant = System.getProperty("procession.test.engine", "reflection");

        assertThat(Engine.rung()).isEqualTo(Rung.of(meant));
        assertThat(Engine.describe().getFirst()).startsWith(meant + ": ");
    }

    @Test
    void aStockJvmUsesContinuationsWithoutFlagOrWarning() throws Exception {
        assertThat(rungOf())
                .containsExactly(
                        "reflection: " + Rung.REFLECTION.description(),
                        "not flag: java.base/java.lang.invoke is not opened to this library by --add-opens");
    }

    @Test
    void aFlagIsPreferred() throws Exception {
        assertThat(rungOf("--add-opens", "java.base/java.lang.invoke=ALL-UNNAMED"))
                .containsExactly("flag: " + Rung.FLAG.description());
    }

    @Test
    void anEngineThatTheUserNamesAndThatDoesNotWorkIsAnError() throws Exception {
        assertThat(rungOf("-Dprocession.engine=baton")).containsExactly("baton: " + Rung.BATON.description());
        assertThat(rungOf("-Dprocession.engine=single-carrier"))
                .anySatisfy(line -> assertThat(line)
                        .contains("procession.engine=single-carrier does not work in this JVM")
                        .contains("parallelism"));
        assertThat(rungOf("-Dprocession.engine=turbo"))
                .anySatisfy(
                        line -> assertThat(line).contains("expected one of flag, reflection, single-carrier, baton"));
    }

    @Test
    void namesAreRead() {
        assertThat(Rung.of("single-carrier")).isEqualTo(Rung.SINGLE_CARRIER);
        assertThatThrownBy(() -> Rung.of("Baton")).isInstanceOf(IllegalArgumentException.class);
    }

    /** What a new JVM with these options prints, errors included. */
    private static List<String> rungOf(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PrintRung.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().lines().toList();
        process.waitFor();
        return lines;
    }
}
