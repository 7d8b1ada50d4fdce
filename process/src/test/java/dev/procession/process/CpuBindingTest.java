package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.shm.os.CpuAffinity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children that run on chosen processors only. */
@ExtendWith(NothingLeft.class)
class CpuBindingTest {
    private final BitSet allowed = CpuAffinity.ofProcess();
    private final int last = allowed.length() - 1;

    @ParameterizedTest
    @ValueSource(strings = {"native", "portable"})
    void wholeChildRunsOnTheChosenProcessorAndKnowsOfNoOther(String spawn) throws Exception {
        try (ParentProgram program =
                ParentProgram.start(Program.class, java.util.List.of("-Dprocession.spawn=" + spawn), "" + last)) {
            assertThat(program.awaitExit()).as(program.output()).isZero();
            assertThat(program.output())
                    .isEqualTo("child [" + last + "] of 1\ngrandchild [" + last + "] of 1\nparent " + allowed + "\n");
        }
    }

    /** A main class: starts a child, which starts another, and tells where each of them runs. */
    static final class Program {
        static void main(String[] cpu) throws Exception {
            ChildProcess child = ChildProcess.builder()
                    .cpus(Integer.parseInt(cpu[0]))
                    .stdout(Output.captured())
                    .start(() -> {
                        System.out.println("child " + processorsOfAllThreads() + " of "
                                + Runtime.getRuntime().availableProcessors());
                        ChildProcess grandchild = ChildProcess.builder()
                                .stdout(Output.captured())
                                .start(() -> System.out.println("grandchild " + processorsOfAllThreads() + " of "
                                        + Runtime.getRuntime().availableProcessors()));
                        grandchild.joinOrThrow();
                        System.out.print(grandchild.stdout());
                    });
            child.joinOrThrow();
            System.out.print(child.stdout());
            System.out.println("parent " + CpuAffinity.ofCurrentThread());
        }
    }

    /** As the system tells it, in its own notation. */
    private static Set<String> processorsOfAllThreads() throws IOException {
        Set<String> found = new TreeSet<>();
        String field = "Cpus_allowed_list:";
        try (var threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                Files.readAllLines(thread.resolve("status")).stream()
                        .filter(line -> line.startsWith(field))
                        .forEach(
                                line -> found.add(line.substring(field.length()).strip()));
            }
        }
        return found;
    }

    @Test
    void callingThreadKeepsItsProcessorsAlsoWhenTheStartFails() throws Exception {
        var builder = ChildProcess.builder().cpus(last);
        var seen = new CompletableFuture<BitSet>();
        Thread.ofPlatform().start(() -> {
            try {
                builder.workingDirectory(Path.of("/no such folder")).start(() -> {});
            } catch (RuntimeException expected) {
                seen.complete(CpuAffinity.ofCurrentThread());
            }
        });

        assertThat(seen.get()).isEqualTo(allowed);
    }

    @Test
    void virtualThreadsMayStartThem() throws Exception {
        var child = new CompletableFuture<ChildProcess>();
        Thread.ofVirtual()
                .start(() -> child.complete(ChildProcess.builder()
                        .cpus(last)
                        .stdout(Output.captured())
                        .start(() -> System.out.print(processorsOfAllThreads()))));

        child.get().joinOrThrow();

        assertThat(child.get().stdout()).isEqualTo("[" + last + "]");
    }

    @Test
    void processorsThatAreNotForThisProcessAreRefusedWithThoseThatAre() {
        var builder = ChildProcess.builder();

        assertThatThrownBy(() -> builder.cpus(last + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not for this process: cpus={" + (last + 1) + "}; allowed=" + allowed);
        assertThatThrownBy(() -> builder.cpus(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cpu=-1");
        assertThatThrownBy(builder::cpus)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no processor; allowed=" + allowed);
    }

    @Test
    void changingTheSetAfterwardsChangesNothing() throws Exception {
        BitSet cpus = new BitSet();
        cpus.set(last);
        var builder = ChildProcess.builder().cpus(cpus).stdout(Output.captured());
        cpus.set(0, 64);

        ChildProcess child = builder.start(() -> System.out.print(processorsOfAllThreads()));
        child.joinOrThrow();

        assertThat(child.stdout()).isEqualTo("[" + last + "]");
    }
}
