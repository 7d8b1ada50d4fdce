package dev.procession.lab.meal;

import dev.procession.explore.Exploration;
import dev.procession.explore.Explorer;
import dev.procession.explore.Program;
import java.util.List;
import java.util.concurrent.locks.Lock;

/** The meal as a program of two tasks, run in every order of its steps (start, each lock, each unlock). */
enum Orders {
    /** As in the course: ada reaches for the noodles first, ben for the chopsticks. */
    OPPOSITE("each takes another thing first") {
        @Override
        void seat(Program program) {
            Lock noodles = program.lock(Dinner.NOODLES);
            Lock chopsticks = program.lock(Dinner.CHOPSTICKS);
            program.task(Dinner.ADA, () -> eat(noodles, chopsticks));
            program.task(Dinner.BEN, () -> eat(chopsticks, noodles));
        }
    },
    SAME("both take the noodles first") {
        @Override
        void seat(Program program) {
            Lock noodles = program.lock(Dinner.NOODLES);
            Lock chopsticks = program.lock(Dinner.CHOPSTICKS);
            program.task(Dinner.ADA, () -> eat(noodles, chopsticks));
            program.task(Dinner.BEN, () -> eat(noodles, chopsticks));
        }
    },
    /** A lock that its holder can take again is, for others, taken once. */
    ONE_LOCK("one re-entrant lock for both things") {
        @Override
        void seat(Program program) {
            Lock both = program.lock("both");
            program.task(Dinner.ADA, () -> eat(both));
            program.task(Dinner.BEN, () -> eat(both));
        }
    },
    TRY_LOCK("whoever cannot get both puts the first back") {
        @Override
        void seat(Program program) {
            Lock noodles = program.lock(Dinner.NOODLES);
            Lock chopsticks = program.lock(Dinner.CHOPSTICKS);
            program.task(Dinner.ADA, () -> eatIfBothAreThere(noodles, chopsticks));
            program.task(Dinner.BEN, () -> eatIfBothAreThere(chopsticks, noodles));
        }
    };

    private final String words;

    Orders(String words) {
        this.words = words;
    }

    abstract void seat(Program program);

    Exploration explore() {
        return Explorer.explore(() -> {
            Program program = new Program();
            seat(program);
            return program;
        });
    }

    /** A row of a table. */
    List<String> row(Exploration found) {
        return List.of(words, Long.toString(found.schedules()), Long.toString(found.failing()));
    }

    @SuppressWarnings("LockNotBeforeTry") // a release must be no more than one step
    private static void eat(Lock one, Lock other) {
        one.lock();
        try {
            other.lock();
            other.unlock();
        } finally {
            one.unlock();
        }
    }

    @SuppressWarnings("LockNotBeforeTry")
    private static void eat(Lock both) {
        both.lock();
        both.unlock();
    }

    private static void eatIfBothAreThere(Lock one, Lock other) {
        one.lock();
        try {
            if (other.tryLock()) {
                other.unlock();
            }
        } finally {
            one.unlock();
        }
    }
}
