package dev.procession.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.explore.Exploration.Coverage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Programs whose schedules can be counted by hand. A wait is no step; starting, each access, each lock and unlock is. */
class KnownCountsTest {
    /** Buyers who look before they sell; 3 steps each, so {@code (3n)! / 3!^n} schedules. */
    static Supplier<Program> buyers(int buyers, int tickets) {
        return () -> {
            var program = new Program();
            var left = program.variable("tickets", tickets);
            var sold = new AtomicInteger();
            for (int i = 1; i <= buyers; i++) {
                program.task("buyer-" + i, () -> {
                    int seen = left.get();
                    if (seen > 0) {
                        left.set(seen - 1);
                        sold.incrementAndGet();
                    }
                });
            }
            return program.check("no more sold than there were", () -> sold.get() <= tickets);
        };
    }

    private static Supplier<Program> buyersWithALock(int buyers, int tickets) {
        return () -> {
            var program = new Program();
            var left = program.variable("tickets", tickets);
            var sold = new AtomicInteger();
            Lock lock = program.lock("till");
            for (int i = 1; i <= buyers; i++) {
                program.task("buyer-" + i, () -> {
                    lock.lock();
                    try {
                        int seen = left.get();
                        if (seen > 0) {
                            left.set(seen - 1);
                            sold.incrementAndGet();
                        }
                    } finally {
                        lock.unlock();
                    }
                });
            }
            return program.check("no more sold than there were", () -> sold.get() <= tickets);
        };
    }

    /** Two eaters who need both things; {@code first} and {@code second} say in which order each reaches for them. */
    private static Supplier<Program> eaters(int[] first, int[] second) {
        return () -> {
            var program = new Program();
            Lock[] things = {program.lock("noodles"), program.lock("chopsticks")};
            program.task("ada", () -> eat(things[first[0]], things[first[1]]));
            program.task("ben", () -> eat(things[second[0]], things[second[1]]));
            return program;
        };
    }

    @SuppressWarnings("LockNotBeforeTry") // a release must be no more than one step
    private static void eat(Lock one, Lock two) {
        one.lock();
        try {
            two.lock();
            two.unlock();
        } finally {
            one.unlock();
        }
    }

    @Test
    void twoBuyersOfOneTicket() {
        Exploration found = Explorer.explore(buyers(2, 1));
        assertThat(found.coverage()).isEqualTo(Coverage.EVERY_SCHEDULE);
        assertThat(found.schedules()).isEqualTo(20);
        assertThat(found.failing()).isEqualTo(12);
        assertThat(found).asString().startsWith("at this grain (start, read, write): all 20 schedules, 12 fail");
    }

    @Test
    void twoBuyersOfOneTicketUnderALock() {
        Exploration found = Explorer.explore(buyersWithALock(2, 1));
        assertThat(found.schedules()).isEqualTo(12);
        assertThat(found.failing()).isZero();
        assertThat(found.provesCorrect()).isTrue();
    }

    @Test
    void threeBuyersOfTwoTickets() {
        Exploration found = Explorer.explore(buyers(3, 2));
        assertThat(found.schedules()).isEqualTo(1680);
        assertThat(found.failing()).isEqualTo(1512);
    }

    @Test
    void eatersWhoReachForThingsInOppositeOrder() {
        Exploration found = Explorer.explore(eaters(new int[] {0, 1}, new int[] {1, 0}));
        assertThat(found.schedules()).isEqualTo(28);
        assertThat(found.failing()).isEqualTo(6);
        FailingSchedule shortest = found.shortest().orElseThrow();
        assertThat(shortest.failure())
                .isEqualTo("deadlock: ada waits for chopsticks held by ben, ben waits for noodles held by ada");
        assertThat(shortest.toString()).isEqualTo("""
                        ada          | ben
                        start        |
                        lock noodles |
                                     | start
                                     | lock chopsticks
                        deadlock: ada waits for chopsticks held by ben, ben waits for noodles held by ada
                        replay token: x1-0011
                        """);
    }

    @Test
    void eatersWhoReachForThingsInTheSameOrder() {
        Exploration found = Explorer.explore(eaters(new int[] {0, 1}, new int[] {0, 1}));
        assertThat(found.schedules()).isEqualTo(12);
        assertThat(found.failing()).isZero();
    }

    @Test
    void platformThreadsCountTheSame() {
        Exploration found = Explorer.everySchedule().onPlatformThreads().run(buyers(2, 1));
        assertThat(found.schedules()).isEqualTo(20);
        assertThat(found.failing()).isEqualTo(12);
    }

    /** Two reads do not depend on each other; the kinds left are told apart by who writes first. */
    @Test
    void kindsAreFewerAndFailAlike() {
        Exploration found = Explorer.everyKind().run(buyers(3, 2));
        assertThat(found.coverage()).isEqualTo(Coverage.EVERY_KIND);
        assertThat(found.failing()).isPositive();
        assertThat(found.schedules()).isLessThan(1680 / 6);
        assertThat(Explorer.everyKind().run(buyersWithALock(3, 2)).schedules()).isEqualTo(6);
    }
}
