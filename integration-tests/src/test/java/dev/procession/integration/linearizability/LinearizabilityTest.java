package dev.procession.integration.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.shm.LockOption;
import dev.procession.shm.SemaphoreOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What threads of several JVMs see of a shared object is what they would see if each call took effect at one moment between
 * its begin and its end, also when some of the JVMs are killed in a call.
 */
@ExtendWith(NothingLeft.class)
class LinearizabilityTest {
    private static final int CALLS_EACH = 4_000;

    @TempDir
    Path folder;

    static Stream<Arguments> subjects() {
        return Stream.of(
                subject("queue", Queues::make),
                subject("lock", Locks::make),
                subject("fair lock", () -> Locks.make(LockOption.FAIR)),
                subject("owner-bound lock", () -> Locks.make(LockOption.OWNER_BOUND)),
                subject("leased semaphore", () -> Semaphores.make(SemaphoreOption.LEASED)),
                subject("map", Maps::make),
                subject("counter", () -> Counters.make(Counters.Adding.AT_ONCE)));
    }

    private static Arguments subject(String name, Supplier<Subject> make) {
        return Arguments.of(name, make);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subjects")
    void calls_take_effect_at_one_moment(String name, Supplier<Subject> make) throws Exception {
        check(name, make, new Crowd(CALLS_EACH, /* kills= */ 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subjects")
    void calls_take_effect_at_one_moment_or_not_at_all_when_processes_are_killed(String name, Supplier<Subject> make)
            throws Exception {
        check(name, make, new Crowd(CALLS_EACH, /* kills= */ 2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("subjects")
    @Tag("soak")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void the_same_many_times(String name, Supplier<Subject> make) throws Exception {
        for (int round = 0; round < Integer.getInteger("procession.rounds", 5); round++) {
            check(name, make, new Crowd(10 * CALLS_EACH, /* kills= */ 2));
        }
    }

    /** Else the above would say nothing. */
    @Test
    void a_number_that_is_read_and_then_written_is_found_out() throws Exception {
        Linearizability.Verdict verdict = null;
        for (int attempt = 0; attempt < 5 && (verdict == null || verdict.linearizable()); attempt++) {
            verdict = verdict(() -> Counters.make(Counters.Adding.IN_STEPS), new Crowd(CALLS_EACH, /* kills= */ 0));
        }
        assertThat(verdict.linearizable()).isFalse();
        assertThat(verdict.reason()).contains("no order explains actor ").contains("under way with it");
    }

    private void check(String name, Supplier<Subject> make, Crowd crowd) throws Exception {
        Linearizability.Verdict verdict = verdict(make, crowd);
        assertThat(verdict.linearizable())
                .as("%s is linearizable: %s", name, verdict.reason())
                .isTrue();
    }

    private Linearizability.Verdict verdict(Supplier<Subject> make, Crowd crowd) throws Exception {
        Path records = Files.createTempDirectory(folder, "records");
        try (Subject subject = make.get()) {
            List<Operation> history = crowd.use(subject, records);
            long begin = System.nanoTime();
            long overlapping = overlapping(history);
            assertThat(overlapping)
                    .as("calls that overlap one of another process")
                    .isPositive();
            Linearizability.Verdict verdict = subject.parts(history).stream()
                    .map(part -> Linearizability.check(subject.specification(), part))
                    .min(Comparator.comparing(Linearizability.Verdict::linearizable))
                    .orElseThrow();
            System.out.println("linearizability: " + subject.getClass().getSimpleName() + ": calls=" + history.size()
                    + ", overlapping=" + overlapping + ", killed in a call="
                    + history.stream().filter(each -> !each.returned()).count() + ", widest=" + verdict.widest()
                    + ", checked in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            return verdict;
        }
    }

    /** How many calls began while one of another process was under way. */
    private static long overlapping(List<Operation> history) {
        List<Operation> byBegin = history.stream()
                .sorted(Comparator.comparingLong(Operation::begin))
                .toList();
        long count = 0;
        long[] latestEnd = new long[Long.SIZE];
        for (Operation operation : byBegin) {
            int process = Crowd.processOf(operation.actor());
            for (int other = 0; other < latestEnd.length; other++) {
                if (other != process && latestEnd[other] > operation.begin()) {
                    count++;
                    break;
                }
            }
            latestEnd[process] = Math.max(latestEnd[process], operation.end());
        }
        return count;
    }
}
