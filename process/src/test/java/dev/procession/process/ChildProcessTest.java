package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    @Test
    void returnsAndExitsWithZero() throws Exception {
        String greeting = "hello";
        long t = System.nanoTime();
        ChildProcess child = ChildProcess.builder()
                .stdout(Output.captured())
                .start(() -> System.out.println(
                        greeting + " from " + Processes.current().name()));
        System.err.println("start " + (System.nanoTime() - t) / 1000);
        assertThat(child.isAlive()).isTrue();
        assertThat(Processes.activeChildren()).contains(child);
        child.join();
        System.err.println("joined " + (System.nanoTime() - t) / 1000);
        assertThat(child.failure()).isEmpty();
        assertThat(child.exitCode()).hasValue(0);
        assertThat(child.stdout()).isEqualTo("hello from " + child.name() + "\n");
    }

    @Test
    void throwing() throws Exception {
        ChildProcess child = ChildProcess.start(() -> {
            throw new IllegalStateException("boom");
        });
        child.join();
        child.failure().get().printStackTrace();
        assertThat(child.exitCode()).hasValue(1);
    }

    @Test
    void killed() throws Exception {
        ChildProcess child = ChildProcess.start(() -> Thread.sleep(100_000));
        assertThat(child.join(Duration.ofMillis(300))).isFalse();
        child.kill();
        child.join();
        assertThat(child.exitCode()).hasValue(-9);
        System.err.println(child.failure());
    }
}
