package dev.procession.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.SerializableFunction;
import org.junit.jupiter.api.Test;

class CodecTest {
    @Test
    void lambdaComesBackWithWhatItCaptured() {
        int offset = 40;
        SerializableFunction<Integer, Integer> shift = n -> n + offset;

        @SuppressWarnings("unchecked")
        var copy = (SerializableFunction<Integer, Integer>)
                Codec.standard().decode(Codec.standard().encode(shift));

        assertThat(copy.apply(2)).isEqualTo(42);
    }
}
