package dev.procession.shm.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.core.codec.Encoded;
import dev.procession.shm.os.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends of a channel in one JVM; that they work in two is the process pool's daily bread. */
class ChannelTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(30);

    private Channel host;
    private Channel guest;

    @BeforeEach
    void open() throws IOException {
        host = Channel.create(new ChannelPurpose("test", 1, 10));
        guest = Channel.attach(host.path());
    }

    @AfterEach
    void close() {
        guest.close();
        host.close();
    }

    private static Frame await(Channel channel) throws PeerGoneException {
        long deadline = System.nanoTime() + LONG_NANOS;
        while (System.nanoTime() < deadline) {
            Frame frame = channel.receiver().take();
            if (frame != null) {
                return frame;
            }
            boolean _ = channel.receiver().await(LONG_NANOS);
        }
        throw new AssertionError("no frame came");
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void nothingHasComeUntilItIsPublished() throws Exception {
        host.sender().put(7, 42, Encoded.raw(bytes(10)));

        assertThat(guest.receiver().isReady()).isFalse();
        assertThat(guest.receiver().take()).isNull();

        host.sender().publish();

        assertThat(guest.receiver().isReady()).isTrue();
        Frame frame = guest.receiver().take();
        assertThat(frame.kind()).isEqualTo(7);
        assertThat(frame.number()).isEqualTo(42);
        assertThat(frame.parts()).hasSize(1);
        assertThat(frame.parts().getFirst().array()).isEqualTo(bytes(10));
        assertThat(guest.receiver().isReady()).isFalse();
    }

    @Test
    void manyFramesComeInOrderThroughManyTurnsOfTheRing() throws Exception {
        int count = 20_000;
        Future<?> sending = inBackground(() -> {
            for (int i = 0; i < count; i++) {
                host.sender().put(i % 5, i, Encoded.raw(bytes(i % 300)), Encoded.framed(bytes(8 + i % 9), 3 + i % 9));
                if (i % 7 == 0) {
                    host.sender().publish();
                }
            }
            host.sender().publish();
        });
        for (int i = 0; i < count; i++) {
            Frame frame = await(guest);
            assertThat(frame.number()).isEqualTo(i);
            assertThat(frame.kind()).isEqualTo(i % 5);
            Encoded first = frame.parts().get(0);
            Encoded second = frame.parts().get(1);
            assertThat(first.isRaw() && Arrays.equals(first.array(), bytes(i % 300)))
                    .isTrue();
            assertThat(second.isRaw()).isFalse();
            assertThat(second.array()).isEqualTo(Arrays.copyOf(bytes(8 + i % 9), 3 + i % 9));
        }
        sending.get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, (1 << 19) - 24, (1 << 19) - 23, 1 << 19, (1 << 19) + 1, 50_000_003})
    void frameOfAnySizeFlowsThrough(int size) throws Exception {
        byte[] body = bytes(size);
        Future<?> sending = inBackground(() -> {
            for (int round = 0; round < 3; round++) {
                guest.sender().put(1, round, Encoded.raw(body));
                guest.sender().publish();
            }
        });
        for (int round = 0; round < 3; round++) {
            Frame frame = await(host);
            assertThat(frame.number()).isEqualTo(round);
            assertThat(Arrays.equals(frame.parts().getFirst().array(), body)).isTrue();
        }
        sending.get(30, TimeUnit.SECONDS);
    }

    @Test
    void sleepingReaderIsWokenByAPublication() throws Exception {
        FutureTask<Frame> reading = inBackground(() -> await(guest));
        awaitSleeper(ChannelLayout.REQUESTS_AT + ChannelLayout.READER_SLEEPS);

        host.sender().put(1, 5);
        host.sender().publish();

        assertThat(reading.get(30, TimeUnit.SECONDS).number()).isEqualTo(5);
    }

    @Test
    void hostThatWaitsForAFrameLearnsOfTheGuestsDeath() throws Exception {
        FutureTask<Frame> reading = inBackground(() -> await(host));
        awaitSleeper(ChannelLayout.REPLIES_AT + ChannelLayout.READER_SLEEPS);

        host.buryGuest();

        assertThatThrownBy(() -> reading.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(PeerGoneException.class);
    }

    @Test
    void hostThatWaitsForRoomLearnsOfTheGuestsDeath() throws Exception {
        FutureTask<?> sending = inBackground(() -> host.sender().put(1, 1, Encoded.raw(new byte[1 << 21])));
        awaitSleeper(ChannelLayout.REQUESTS_AT + ChannelLayout.WRITER_SLEEPS);

        host.buryGuest();

        assertThatThrownBy(() -> sending.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(PeerGoneException.class);
    }

    @Test
    void whatWasPublishedBeforeADeathIsRead() throws Exception {
        guest.sender().put(1, 1);
        guest.sender().publish();
        guest.sender().put(1, 2, Encoded.raw(new byte[100]));
        host.buryGuest();

        assertThat(host.receiver().take().number()).isEqualTo(1);
        assertThat(host.receiver().take()).isNull();
        assertThatThrownBy(() -> host.receiver().await(LONG_NANOS)).isInstanceOf(PeerGoneException.class);
    }

    @Test
    void halfAFrameOfADeadWriterIsDropped() throws Exception {
        FutureTask<?> sending = inBackground(() -> guest.sender().put(1, 1, Encoded.raw(new byte[1 << 20])));
        awaitSleeper(ChannelLayout.REPLIES_AT + ChannelLayout.WRITER_SLEEPS);
        guest.close();
        assertThatThrownBy(() -> sending.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(PeerGoneException.class);
        host.buryGuest();

        assertThat(host.receiver().isReady()).isTrue();
        assertThatThrownBy(() -> host.receiver().take()).isInstanceOf(PeerGoneException.class);
    }

    @Test
    void lifeWordTellsTheEndOfItsThread() throws Exception {
        var end = new CompletableFuture<Void>();
        Thread life = Thread.ofPlatform().start(() -> {
            guest.live();
            end.join();
        });
        FutureTask<Frame> reading = inBackground(() -> await(host));
        awaitSleeper(ChannelLayout.REPLIES_AT + ChannelLayout.READER_SLEEPS);
        assertThat(host.isGuestGone()).isFalse();

        end.complete(null);
        life.join();

        assertThatThrownBy(() -> reading.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(PeerGoneException.class);
        assertThat(host.isGuestGone()).isTrue();
    }

    @Test
    void offerIsTakenOrRevokedNeverBoth() throws Exception {
        for (long offer = 1; offer < 20_000; offer++) {
            long current = offer;
            host.claims().offer(current);
            FutureTask<Boolean> revoking = inBackground(() -> host.claims().revoke(current));
            boolean taken = guest.claims().take(current);

            assertThat(revoking.get(30, TimeUnit.SECONDS)).isEqualTo(!taken);
            assertThat(host.claims().isTaken(current)).isEqualTo(taken);
            assertThat(guest.claims().take(current)).isFalse();
            if (offer > 500) {
                offer += 500;
            }
        }
    }

    @Test
    void revokedOfferIsPassedOverAlsoOnceItsPlaceIsUsedAgain() {
        host.claims().offer(3);
        assertThat(host.claims().revoke(3)).isTrue();
        host.claims().offer(3 + Claims.WINDOW);

        assertThat(guest.claims().take(3)).isFalse();
        assertThat(guest.claims().take(3 + Claims.WINDOW)).isTrue();
    }

    @Test
    void ordersReachTheListener() throws Exception {
        int bell = guest.orders().bell();
        FutureTask<Long> listening = inBackground(() -> {
            while (guest.orders().interrupted() == 0) {
                guest.orders().await(bell, LONG_NANOS);
            }
            return guest.orders().interrupted();
        });

        host.orders().interrupt(9);

        assertThat(listening.get(30, TimeUnit.SECONDS)).isEqualTo(9);
        assertThat(guest.orders().dumped()).isZero();
    }

    @Test
    void otherFileIsRefused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("other");
        Files.write(file, new byte[100]);

        assertThatThrownBy(() -> Channel.attach(file.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a channel: file=" + file);
    }

    @Test
    void aThirdSeesWhatTheGuestIsAtAndWhatWaits() {
        host.letGoOfFile();
        assertThat(glance().purpose()).isEqualTo(new ChannelPurpose("test", 1, 10));
        assertThat(glance().guest()).hasValue(ProcessIdentity.current());
        assertThat(glance().work()).isFalse();

        host.claims().offer(1);
        host.claims().offer(2);
        host.tellBacklog(7);
        assertThat(guest.claims().take(1)).isTrue();
        guest.work(1);

        assertThat(glance().backlog()).isEqualTo(7);
        assertThat(glance().ahead()).isEqualTo(1);
        assertThat(glance().work()).isTrue();
        assertThat(glance().workNanos()).isBetween(0L, LONG_NANOS);

        guest.rest();
        assertThat(host.claims().revoke(2)).isTrue();
        assertThat(glance().work()).isFalse();
        assertThat(glance().ahead()).isZero();
    }

    private static ChannelGlance glance() {
        return ChannelGlance.all().stream()
                .filter(each -> each.host().equals(ProcessIdentity.current()))
                .findAny()
                .orElseThrow();
    }

    @Test
    void aThirdSeesOneThatNobodyHasComeToYet() throws Exception {
        try (Channel lonely = Channel.create(new ChannelPurpose("lonely", 3, 10))) {
            lonely.keepInReserve();
            ChannelGlance seen = ChannelGlance.all().stream()
                    .filter(each -> each.purpose().name().equals("lonely"))
                    .findAny()
                    .orElseThrow();
            assertThat(seen.guest()).isEmpty();
            assertThat(seen.reserve()).isTrue();
        }
        assertThat(ChannelGlance.all()).noneMatch(each -> each.purpose().name().equals("lonely"));
    }

    @Test
    void hostThatLetGoOfItsFileAdmitsNobody() {
        host.letGoOfFile();

        assertThatThrownBy(() -> Channel.attach(host.path())).isInstanceOf(IOException.class);
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private interface Deed {
        void run() throws Exception;
    }

    private static <T> FutureTask<T> inBackground(Step<T> step) {
        var task = new FutureTask<>(step::run);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static FutureTask<?> inBackground(Deed deed) {
        return inBackground(() -> {
            deed.run();
            return null;
        });
    }

    private void awaitSleeper(long wordAt) throws InterruptedException {
        long deadline = System.nanoTime() + LONG_NANOS;
        while (host.word(wordAt) == 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nobody sleeps");
            }
            Thread.sleep(1);
        }
    }
}
