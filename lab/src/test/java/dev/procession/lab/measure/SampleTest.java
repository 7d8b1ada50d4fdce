package dev.procession.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Medians and where they are, 19 times in 20. */
class SampleTest {
    @Test
    void theMedianIsInTheMiddle() {
        assertThat(new Sample(List.of(5.0, 1.0, 3.0)).median()).isEqualTo(3);
        assertThat(new Sample(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
    }

    @Test
    void fewValuesHaveAnIntervalAsWideAsTheyAre() {
        Sample sample = new Sample(List.of(3.0, 1.0, 2.0));
        assertThat(sample.low()).isEqualTo(1);
        assertThat(sample.high()).isEqualTo(3);
    }

    @Test
    void theIntervalHoldsTheTrueMedianAboutNineteenTimesInTwenty() {
        Random random = new Random(7);
        int held = 0;
        int times = 2000;
        for (int i = 0; i < times; i++) {
            Sample sample =
                    new Sample(Stream.generate(random::nextDouble).limit(25).toList());
            held += sample.low() <= 0.5 && sample.high() >= 0.5 ? 1 : 0;
        }
        assertThat((double) held / times).isBetween(0.94, 0.99);
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sample(List.of()));
    }
}
