package dev.procession.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;

class SpaceTest {
    @Test
    void unknownSchemeIsNamedWithThoseThatAreKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(URI.create("nowhere:x")))
                .withMessageContaining("scheme=nowhere")
                .withMessageContaining("known=[");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Space.open(URI.create("just-a-name")))
                .withMessageContaining("uri=just-a-name");
    }

    @Test
    void limitsArePositive() {
        var limits = QueueLimits.ofCapacity(3).withCapacityBytes(100).withMaxDeliveries(2);

        assertThat(limits).isEqualTo(new QueueLimits(3, 100, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> QueueLimits.ofCapacity(0));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withCapacityBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> limits.withMaxDeliveries(0));
    }
}
