package dev.procession.lab.kitchen;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import dev.procession.shm.SharedBarrier;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an eater does, in a JVM of its own, in each shift: takes what comes and eats it, until it is told to stop.
 *
 * @param number which of the eaters, from 0; those from {@link Shift#eaters} on have the shift off
 * @param shifts the shifts, in order
 * @param doors where all gather before each shift
 */
record Eater(int number, List<Shift> shifts, SharedBarrier doors) implements SerializableAction {
    @Override
    public void run() throws Exception {
        for (Shift shift : shifts) {
            Diary.enters(Doing.READY);
            doors.await();
            if (number < shift.eaters()) {
                eat(shift);
            }
            Diary.enters(Doing.THROUGH);
        }
    }

    private static void eat(Shift shift) throws InterruptedException {
        while (true) {
            Diary.enters(Doing.WAITS);
            switch (take(shift)) {
                case null -> {
                    Diary.marks(Doing.GAVE_UP, "");
                    return;
                }
                case Plate.Closed() -> {
                    Diary.marks(Doing.CLOSED, "");
                    return;
                }
                case Plate.Dish dish -> {
                    Diary.enters(Doing.EATS);
                    Cook.work(shift.eatTime());
                    Diary.marks(Doing.ATE, dish.text());
                }
            }
        }
    }

    private static @Nullable Plate take(Shift shift) throws InterruptedException {
        return shift.eaterPatience().isZero()
                ? shift.counter().take()
                : shift.counter().poll(shift.eaterPatience().toNanos(), TimeUnit.NANOSECONDS);
    }
}
