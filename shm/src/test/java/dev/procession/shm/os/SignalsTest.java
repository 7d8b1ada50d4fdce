package dev.procession.shm.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signals by number and name. */
@ExtendWith(NothingLeft.class)
class SignalsTest {
    @Test
    void signalReachesTheProcess() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "300").start();

        assertThat(Signals.send(sleeper.pid(), 0)).isTrue();
        assertThat(Signals.send(sleeper.pid(), Signals.TERM)).isTrue();

        assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(sleeper.exitValue()).isEqualTo(128 + Signals.TERM);
        assertThat(Signals.send(sleeper.pid(), 0)).isFalse();
    }

    @Test
    void everyProcessAtOnceIsNoTarget() {
        assertThatThrownBy(() -> Signals.send(0, Signals.TERM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Signals.send(-1, Signals.TERM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Signals.sendToGroup(0, Signals.TERM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Signals.sendToGroup(1, Signals.TERM)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void unknownSignalIsRefused() {
        assertThatThrownBy(() -> Signals.send(ProcessHandle.current().pid(), 200))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("signal=SIG200");
    }

    /** The names are in the order of the numbers; a slip would shift all after it. */
    @Test
    void namesAreThoseOfTheSystem() throws Exception {
        for (int signal : new int[] {1, 2, 3, 6, 9, 10, 11, 13, 15, 17, 18, 19, 31}) {
            Process kill = new ProcessBuilder("bash", "-c", "kill -l " + signal).start();
            String name = new String(kill.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            kill.waitFor();

            assertThat(Signals.nameOf(signal)).isEqualTo("SIG" + name.strip());
        }
        assertThat(Signals.nameOf(64)).isEqualTo("SIG64");
    }
}
