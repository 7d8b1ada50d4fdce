package dev.procession.lab.kitchen;

import dev.procession.core.SerializableAction;
import dev.procession.lab.stage.Diary;
import dev.procession.shm.SharedBarrier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a cook does, in a JVM of its own, in each shift: makes so many dishes and puts each on the counter.
 *
 * @param name the cook's name
 * @param food what it cooks
 * @param shifts the shifts, in order
 * @param doors where all gather before each shift
 */
record Cook(String name, Plate.Food food, List<Shift> shifts, SharedBarrier doors) implements SerializableAction {
    @Override
    public void run() throws Exception {
        for (Shift shift : shifts) {
            Diary.enters(Doing.READY);
            doors.await();
            cook(shift);
            Diary.enters(Doing.THROUGH);
        }
    }

    private void cook(Shift shift) throws InterruptedException {
        for (int i = 0; i < shift.dishes(); i++) {
            Diary.enters(Doing.COOKS);
            work(shift.cookTime());
            Plate.Dish dish = new Plate.Dish(name, i, food);
            Diary.enters(Doing.PUTS);
            shift.counter().put(dish);
            Diary.marks(Doing.PUT, dish.text());
        }
        for (int i = 0; i < shift.marksByCook(); i++) {
            shift.counter().put(new Plate.Closed());
            Diary.marks(Doing.PUT_MARK, "");
        }
    }

    /** Takes one to three units of time, as in the course. */
    static void work(Duration unit) throws InterruptedException {
        Thread.sleep(unit.multipliedBy(ThreadLocalRandom.current().nextInt(1, 4)));
    }
}
