package dev.procession.conformance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.procession.core.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What {@code map}, {@code starmap}, {@code imap} and {@code imapUnordered} of every {@link Pool} promise. Rules PM1 to PM6 of
 * docs/contracts/pool.md, with the cases of CPython's tests that are about them.
 */
@SuppressWarnings("FutureReturnValueIgnored") // most are looked at in another way
public abstract class PoolMapContract extends PoolFixture {
    private static final List<Integer> THOUSAND = range(1_000);

    /**
     * Makes a pool, which is ended after the test.
     *
     * @param workers how many tasks it runs at the same time
     * @return the pool
     */
    protected abstract Pool newPool(int workers);

    /** Starts the suite. */
    protected PoolMapContract() {}

    private Pool of(int workers) {
        return opened(newPool(workers));
    }

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    private static List<Integer> range(int end, IntUnaryOperator each) {
        return IntStream.range(0, end).map(each).boxed().toList();
    }

    private static int reciprocal(int n) {
        if (n == 0) {
            throw new IllegalStateException("no reciprocal of 0");
        }
        return 1_000 / n;
    }

    /** Inputs of which reading the one at {@code end} throws. */
    private static Iterable<Integer> throwingAt(int end) {
        return () -> Stream.iterate(0, n -> {
                    if (n == end - 1) {
                        throw new UnsupportedOperationException("input " + end);
                    }
                    return n + 1;
                })
                .iterator();
    }

    @Test
    @DisplayName("pm1: O02 the results in the order of the inputs, in whatever batches")
    final void pm1_mapKeepsTheOrder() throws Exception {
        Pool pool = of(2);
        assertThat(pool.map(n -> n * n, range(10))).isEqualTo(range(10, n -> n * n));
        assertThat(pool.map(n -> n * n, range(100), 20)).isEqualTo(range(100, n -> n * n));
        assertThat(pool.map(n -> n * n, range(100), 1_000)).isEqualTo(range(100, n -> n * n));
        assertThat(pool.map(n -> n + 1, range(20_000))).isEqualTo(range(20_000, n -> n + 1));
        assertThat(pool.map(n -> n, List.<Integer>of())).isEmpty();
        List<String> results = pool.map(n -> n == null ? null : "n" + n, Arrays.asList(1, null, 3));
        assertThat(results).containsExactly("n1", null, "n3");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> results.set(0, "other"));
        assertThatIllegalArgumentException().isThrownBy(() -> pool.map(n -> n, range(3), 0));
    }

    @Test
    @DisplayName("pm1: F37 map runs all without anybody looking at the results")
    final void pm1_mapRunsEachInputOnce() throws Exception {
        Pool pool = of(2);
        Tally ran = newTally();
        pool.map(
                n -> {
                    ran.add();
                    return n;
                },
                range(500));
        assertThat(ran.count()).isEqualTo(500);
    }

    @Test
    @DisplayName("pm2: O22 a failure is told after all tasks have ended, and it is that of the first input that failed")
    final void pm2_mapFailsAfterAllHaveEnded() {
        Pool pool = of(2);
        Tally ran = newTally();
        for (int chunkSize : new int[] {1, 4, 10}) {
            int before = ran.count();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> pool.map(
                            n -> {
                                ran.add();
                                if (n == 2 || n == 7) {
                                    throw new IllegalStateException("input " + n);
                                }
                                return n;
                            },
                            range(10),
                            chunkSize))
                    .havingCause()
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .withMessage("input 2");
            assertThat(ran.count()).isEqualTo(before + 10);
        }
        pool.close();
    }

    @Test
    @DisplayName("pm2: F04 a time limit for all of it")
    final void pm2_mapEndsInTime() throws Exception {
        Pool pool = of(2);
        Signal gate = newSignal();
        Tally stopped = newTally();
        assertThat(pool.map(n -> n, range(5), Duration.ofSeconds(60))).isEqualTo(range(5));
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> pool.map(
                        n -> {
                            if (n == 2) {
                                try {
                                    gate.await();
                                } catch (InterruptedException e) {
                                    stopped.add();
                                }
                            }
                            return n;
                        },
                        range(3),
                        Duration.ofSeconds(1)));
        Background.until(() -> stopped.count() == 1);
        assertThat(pool.submit(() -> "free").get(30, SECONDS)).isEqualTo("free");
    }

    @Test
    final void pm2_anInterruptEndsMapAndItsTasks() throws Exception {
        Pool pool = of(1);
        Signal begun = newSignal();
        Signal gate = newSignal();
        Background<List<Integer>> caller = Background.call(() -> pool.map(
                n -> {
                    begun.set();
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return n;
                },
                range(10)));
        Background.until(begun::isSet);
        caller.interrupt();
        caller.failure(InterruptedException.class);
        assertThat(pool.submit(() -> "free").get(30, SECONDS)).isEqualTo("free");
    }

    @Test
    @DisplayName("pm2: O11 the inputs throw when they are read: map")
    final void pm2_mapThrowsWhatItsInputsThrow() throws Exception {
        Pool pool = of(2);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> pool.map(n -> n, throwingAt(3)))
                .withMessage("input 3");
        assertThat(pool.map(n -> n, range(3))).isEqualTo(range(3));
    }

    @Test
    final void pm3_starmapTakesPairs() throws Exception {
        Pool pool = of(2);
        assertThat(pool.starmap((a, b) -> a + b, List.of(Map.entry("a", 1), Map.entry("b", 2))))
                .containsExactly("a1", "b2");
        assertThat(pool.starmap((a, b) -> b + a, new TreeMap<>(Map.of(1, 10, 2, 20)).entrySet()))
                .containsExactly(11, 22);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> pool.starmap((a, b) -> a / b, List.of(Map.entry(1, 0))))
                .withCauseExactlyInstanceOf(ArithmeticException.class);
    }

    @Test
    @DisplayName("pm4: O08 imap in order, in batches, and past its end")
    final void pm4_imapKeepsTheOrder() {
        Pool pool = of(2);
        assertThat(pool.imap(n -> n * n, range(10)).toList()).isEqualTo(range(10, n -> n * n));
        assertThat(pool.imap(n -> n * n, THOUSAND, 100).toList()).isEqualTo(range(1_000, n -> n * n));
        assertThat(pool.imap(n -> n, List.<Integer>of())).isEmpty();
        Iterator<Integer> results = pool.imap(n -> n + 1, range(2)).iterator();
        assertThat(List.of(results.next(), results.next())).containsExactly(1, 2);
        assertThat(results.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
        assertThat(pool.imap(n -> n == 1 ? null : n, range(3)).toList()).containsExactly(0, null, 2);
        assertThatIllegalArgumentException().isThrownBy(() -> pool.imap(n -> n, range(3), 0));
    }

    @Test
    final void pm4_imapReadsNoFurtherThanItMust() {
        Pool pool = of(2);
        AtomicInteger read = new AtomicInteger();
        Iterable<Integer> endless = () -> Stream.generate(read::getAndIncrement).iterator();
        Stream<Integer> unused = pool.imap(n -> n, endless);
        assertThat(read).as("nothing before the first step").hasValue(0);
        unused.close();
        try (Stream<Integer> results = pool.imap(n -> n * 2, endless)) {
            assertThat(results.limit(100).toList()).isEqualTo(range(100, n -> n * 2));
        }
        assertThat(read.get()).as("two tasks a worker ahead").isBetween(100, 100 + 2 * 2 + 1);
    }

    @Test
    final void pm4_closingImapCancelsWhatWasReadAhead() throws Exception {
        Pool pool = of(2);
        Signal gate = newSignal();
        Tally begun = newTally();
        Stream<Integer> results = pool.imap(
                n -> {
                    if (n > 0) {
                        begun.add();
                        try {
                            gate.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    return n;
                },
                () -> Stream.iterate(0, n -> n + 1).iterator());
        assertThat(results.iterator().next()).isZero();
        Background.until(() -> begun.count() >= 1);
        results.close();
        assertThat(pool.submit(() -> "free").get(30, SECONDS)).isEqualTo("free");
        Background.until(() -> pool.statistics().running() == 0);
        assertThat(pool.statistics().queued()).isZero();
    }

    @Test
    @DisplayName("pm4: F03 the results before the one that failed, and then its failure")
    final void pm4_imapFailsWhereItsTaskFailed() throws Exception {
        Pool pool = of(2);
        for (int chunkSize : new int[] {1, 3, 10}) {
            Iterator<Integer> results = pool.imap(PoolMapContract::reciprocal, List.of(1, 2, 0, 4), chunkSize)
                    .iterator();
            assertThat(List.of(results.next(), results.next())).containsExactly(1_000, 500);
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(results::next)
                    .withCauseExactlyInstanceOf(IllegalStateException.class);
        }
        assertThat(pool.map(n -> n, range(3))).isEqualTo(range(3));
    }

    @Test
    @DisplayName("pm4: O11 the inputs throw when they are read: imap")
    final void pm4_imapThrowsWhatItsInputsThrowWhereTheyDo() throws Exception {
        Pool pool = of(2);
        for (int chunkSize : new int[] {1, 2, 10}) {
            Iterator<Integer> results =
                    pool.imap(n -> n, throwingAt(3), chunkSize).iterator();
            assertThat(List.of(results.next(), results.next(), results.next())).containsExactly(0, 1, 2);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(results::next)
                    .withMessage("input 3");
        }
        assertThat(pool.map(n -> n, range(3))).isEqualTo(range(3));
    }

    @Test
    final void pm4_anInterruptEndsImap() {
        Pool pool = of(1);
        Signal gate = newSignal();
        Background<Integer> consumer = Background.call(() -> {
            try {
                return pool.imap(
                                n -> {
                                    gate.awaitUninterruptibly();
                                    return n;
                                },
                                range(5))
                        .iterator()
                        .next();
            } finally {
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
        });
        consumer.staysWaiting().interrupt();
        consumer.failure(CancellationException.class);
        gate.set();
    }

    @Test
    @DisplayName("pm5: O10 imapUnordered gives the same results")
    final void pm5_imapUnorderedGivesEachOnce() {
        Pool pool = of(2);
        assertThat(pool.imapUnordered(n -> n * n, THOUSAND, 100))
                .containsExactlyInAnyOrderElementsOf(range(1_000, n -> n * n));
        assertThat(pool.imapUnordered(n -> n * n, range(50)))
                .containsExactlyInAnyOrderElementsOf(range(50, n -> n * n));
    }

    @Test
    final void pm5_imapUnorderedDoesNotWaitForASlowOne() {
        Pool pool = of(2);
        Signal gate = newSignal();
        Iterator<Integer> results = pool.imapUnordered(
                        n -> {
                            if (n == 0) {
                                gate.awaitUninterruptibly();
                            }
                            return n;
                        },
                        range(4))
                .iterator();
        List<Integer> quick = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            quick.add(results.next());
        }
        assertThat(quick).containsExactlyInAnyOrder(1, 2, 3);
        gate.set();
        assertThat(results.next()).isZero();
        assertThat(results.hasNext()).isFalse();
    }

    @Test
    final void pm5_imapUnorderedFails() {
        Pool pool = of(2);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> pool.imapUnordered(PoolMapContract::reciprocal, List.of(1, 2, 0))
                        .toList())
                .withCauseExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // null is what is tested
    final void pm6_refusesNull() {
        Pool pool = of(1);
        assertThatNullPointerException().isThrownBy(() -> pool.map(null, range(3)));
        assertThatNullPointerException().isThrownBy(() -> pool.map(n -> n, null));
        assertThatNullPointerException().isThrownBy(() -> pool.map(null, List.of()));
        assertThatNullPointerException().isThrownBy(() -> pool.imap(null, range(3)));
        assertThatNullPointerException().isThrownBy(() -> pool.imap(n -> n, null));
        assertThatNullPointerException().isThrownBy(() -> pool.imapUnordered(n -> n, null));
        assertThatNullPointerException().isThrownBy(() -> pool.starmap(null, List.of()));
        assertThatNullPointerException().isThrownBy(() -> pool.map(n -> n, range(1), (Duration) null));
    }
}
