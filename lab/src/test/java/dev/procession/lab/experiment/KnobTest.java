package dev.procession.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnobTest {
    private static final Knob<Integer> BUYERS = Knob.count("buyers", 10, 1, 200, "how many");
    private static final Knob<Duration> DELAY = Knob.millis("delay", 20, "how long");
    private static final Knob<Optional<Path>> FILE = Knob.file("file", "which");
    private static final Knob<Verdict> VERDICT = Knob.choice("verdict", Verdict.SHOWN, "which");

    @Test
    void aSettingIsReadByTheKnobsType() {
        assertThat(BUYERS.read("200")).isEqualTo(200);
        assertThat(DELAY.read("0")).isEqualTo(Duration.ZERO);
        assertThat(FILE.read("a b.json")).contains(Path.of("a b.json"));
        assertThat(VERDICT.read("not-shown")).isEqualTo(Verdict.NOT_SHOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "0", "201", "-1", "1.5", "1e2", "ten", "99999999999", "0x10"})
    void aNumberThatIsNoneOrOutOfBoundsIsRefusedInOneLine(String text) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> BUYERS.read(text))
                .withMessage("--buyers=" + text + ": expected a whole number from 1 to 200 (default: 10)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "600001", "1s", "0.5"})
    void aTimeIsWholeMilliseconds(String text) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> DELAY.read(text))
                .withMessageContaining("expected whole milliseconds from 0 to 600000");
    }

    @Test
    void wordsAndFilesThatAreNoneAreRefused() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> VERDICT.read("SHOWN"))
                .withMessageContaining("expected shown or not-shown or broken");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> FILE.read(""))
                .withMessageEndingWith("(default: none)");
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> FILE.read("nul\0byte"));
    }

    @Test
    void whatIsNotGivenKeepsItsDefault() {
        Knobs knobs = Knobs.read(List.of(BUYERS, DELAY, FILE), Map.of("buyers", "3"));

        assertThat(knobs.get(BUYERS)).isEqualTo(3);
        assertThat(knobs.get(DELAY)).isEqualTo(Duration.ofMillis(20));
        assertThat(knobs.get(FILE)).isEmpty();
        assertThat(knobs.isGiven(BUYERS)).isTrue();
        assertThat(knobs.isGiven(DELAY)).isFalse();
        assertThat(knobs.asWritten()).isEqualTo(Map.of("buyers", "3", "delay", "20"));
    }

    @Test
    void anotherExperimentsKnobIsAMistakeOfTheProgrammer() {
        Knobs knobs = Knobs.read(List.of(BUYERS), Map.of());

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> knobs.get(DELAY))
                .withMessageContaining("knob=delay");
    }

    @Test
    void numbersStandWithCommasBetween() {
        Knob<List<Integer>> lengths = Knob.numbers("lengths", List.of(5, 5), 1, 9, 3, "how long");

        assertThat(lengths.read("1, 9,3")).containsExactly(1, 9, 3);
        assertThat(lengths.write(lengths.standard())).isEqualTo("5,5");
        for (String wrong : List.of("", "1,", "0", "10", "1,2,3,4", "1;2")) {
            assertThatExceptionOfType(UsageException.class)
                    .isThrownBy(() -> lengths.read(wrong))
                    .withMessageContaining("expected 1 to 3 whole numbers from 1 to 9, like 5,5 (default: 5,5)");
        }
    }
}
