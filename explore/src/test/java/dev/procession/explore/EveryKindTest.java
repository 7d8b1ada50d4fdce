package dev.procession.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Pruning loses no end: on any small program, one schedule of each kind leads to all the ends that all schedules lead to. */
class EveryKindTest {
    /** What a task does next. Locks are released in the order in which they were taken, at the latest at the end. */
    enum Deed {
        READ_A,
        WRITE_A,
        READ_B,
        WRITE_B,
        LOCK_X,
        LOCK_Y,
        UNLOCK,
        TRY_X
    }

    @Provide
    Arbitrary<List<List<Deed>>> programs() {
        return Arbitraries.of(Deed.class)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .list()
                .ofMinSize(2)
                .ofMaxSize(3);
    }

    @Property(tries = 200)
    void kindsLeadToAllEnds(@ForAll("programs") List<List<Deed>> tasks) {
        Set<String> all = new TreeSet<>();
        Set<String> ofKinds = new TreeSet<>();
        Exploration every = Explorer.everySchedule().maxSchedules(2_000).run(() -> program(tasks, all));
        if (every.coverage() == Exploration.Coverage.CUT_OFF) {
            return; // the ends that were not seen cannot be compared
        }
        Exploration kinds = Explorer.everyKind().run(() -> program(tasks, ofKinds));
        every.shortest().map(FailingSchedule::failure).ifPresent(all::add);
        assertThat(ofKinds)
                .isEqualTo(all.stream()
                        .filter(end -> !end.startsWith("deadlock"))
                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
        assertThat(kinds.failing() > 0).isEqualTo(every.failing() > 0);
        assertThat(kinds.schedules()).isLessThanOrEqualTo(every.schedules());
    }

    /** Each task notes what it read; the end is all notes and the last values. */
    private static Program program(List<List<Deed>> tasks, Set<String> ends) {
        var program = new Program();
        var a = program.variable("a", 0);
        var b = program.variable("b", 0);
        Lock x = program.lock("x");
        Lock y = program.lock("y");
        List<List<Object>> notes = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            int number = i + 1;
            List<Deed> deeds = tasks.get(i);
            List<Object> mine = new ArrayList<>();
            notes.add(mine);
            program.task("task-" + number, () -> {
                List<Lock> held = new ArrayList<>();
                for (Deed deed : deeds) {
                    switch (deed) {
                        case READ_A -> mine.add(a.get());
                        case READ_B -> mine.add(b.get());
                        case WRITE_A -> a.set(number);
                        case WRITE_B -> b.set(number);
                        case LOCK_X -> take(x, held);
                        case LOCK_Y -> take(y, held);
                        case TRY_X -> {
                            if (!held.contains(x)) {
                                mine.add(x.tryLock() && held.add(x));
                            }
                        }
                        case UNLOCK -> {
                            if (!held.isEmpty()) {
                                held.removeFirst().unlock();
                            }
                        }
                    }
                }
                held.forEach(Lock::unlock);
            });
        }
        return program.check("noted", () -> {
            ends.add(notes + " " + a + " " + b);
            return true;
        });
    }

    private static void take(Lock lock, List<Lock> held) {
        if (!held.contains(lock)) {
            lock.lock();
            held.add(lock);
        }
    }
}
