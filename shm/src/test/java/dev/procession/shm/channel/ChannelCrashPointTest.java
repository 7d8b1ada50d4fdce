package dev.procession.shm.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.CrashPointExplorer;
import dev.procession.conformance.CrashPointExplorer.Fate;
import dev.procession.conformance.CrashPointExplorer.Scene;
import dev.procession.core.codec.Encoded;
import dev.procession.shm.engine.SimulatedMember;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A guest that dies before each of its stores to a channel, and what its host finds. */
@EnabledIfSystemProperty(
        named = "dev.procession.crashpoints",
        matches = "true",
        disabledReason = "runs in the surefire execution of that name")
class ChannelCrashPointTest {
    private static final byte[] BODY = {1, 2, 3, 4, 5, 6, 7, 8, 9};

    /** A host that has made two offers, and sent them. */
    private abstract static class Line implements Scene {
        final Channel host = Channel.create(new ChannelPurpose("test", 1, 10));
        final Channel guest = Channel.attach(host.path());

        Line() throws IOException, PeerGoneException {
            for (long offer = 1; offer <= 2; offer++) {
                host.claims().offer(offer);
                host.sender().put(1, offer, Encoded.raw(BODY));
            }
            host.sender().publish();
        }

        @Override
        public void bury() {
            host.buryGuest();
        }

        /** All whole frames; what is no whole frame ends in an exception, and never in a wait. */
        List<Frame> replies() throws PeerGoneException {
            List<Frame> all = new ArrayList<>();
            Frame frame;
            while ((frame = host.receiver().take()) != null) {
                all.add(frame);
            }
            return all;
        }

        @Override
        public void close() {
            guest.close();
            host.close();
        }
    }

    @Test
    void guestThatServesTwoOffers() throws Exception {
        int stores = CrashPointExplorer.explore(SimulatedMember.DEATHS, () -> new Line() {
            @Override
            public void act() throws PeerGoneException {
                for (int i = 0; i < 2; i++) {
                    Frame request = guest.receiver().take();
                    assertThat(guest.claims().take(request.number())).isTrue();
                    guest.sender().put(2, request.number(), request.parts().getFirst());
                    guest.sender().publish();
                }
            }

            @Override
            public void check(Fate fate) throws Exception {
                List<Frame> replies = replies();
                for (int i = 0; i < replies.size(); i++) {
                    assertThat(replies.get(i).number()).isEqualTo(i + 1);
                    assertThat(Arrays.equals(replies.get(i).parts().getFirst().array(), BODY))
                            .isTrue();
                    assertThat(host.claims().isTaken(i + 1)).isTrue();
                }
                int held = 0;
                for (long offer = replies.size() + 1L; offer <= 2; offer++) {
                    boolean begun = host.claims().isTaken(offer);
                    held += begun ? 1 : 0;
                    assertThat(host.claims().revoke(offer)).isEqualTo(!begun);
                }
                assertThat(held).as("calls the dead one was in").isLessThanOrEqualTo(1);
                if (fate.died()) {
                    assertThatThrownBy(() -> host.receiver().await(Long.MAX_VALUE))
                            .isInstanceOf(PeerGoneException.class);
                } else {
                    assertThat(replies).hasSize(2);
                }
            }
        });
        assertThat(stores).isGreaterThan(8);
    }
}
