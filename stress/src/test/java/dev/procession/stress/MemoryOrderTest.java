package dev.procession.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the races, each as the interpreter and the compilers run it in turn, a second and more each. */
@Tag("soak")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MemoryOrderTest {
    private static final Class<?>[] CLAIMS = {
        LifoHandOff.class, JoinAfterTaskDone.class, Publication.class, LockedIncrements.class
    };

    @TempDir
    Path folder;

    @Test
    void no_forbidden_outcome_comes_up() throws Exception {
        Run run = run(CLAIMS);
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).containsPattern("Results: ([1-9]\\d*) planned; \\1 passed");
        for (Class<?> race : CLAIMS) {
            assertThat(run.output()).containsPattern("\\[OK\\] " + race.getName());
        }
    }

    @Test
    void a_forbidden_outcome_is_found_out() throws Exception {
        Run run = run(BareIncrements.class);
        assertThat(run.exitCode()).as(run.output()).isNotZero();
        assertThat(run.output()).contains("[FAILED] " + BareIncrements.class.getName());
    }

    private record Run(int exitCode, String output) {}

    private Run run(Class<?>... races) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command(races))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(output));
    }

    private List<String> command(Class<?>... races) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main", "-v"));
        command.addAll(List.of("-m", "quick", "-sc", "false", "-af", "NONE", "-f", "1", "-iters", "2", "-time", "500"));
        command.addAll(List.of("-jvmArgsPrepend", "--enable-native-access=ALL-UNNAMED", "-r", folder.toString()));
        command.addAll(
                List.of("-t", Arrays.stream(races).map(Class::getName).collect(Collectors.joining("|", "^(", ")$"))));
        return command;
    }
}
