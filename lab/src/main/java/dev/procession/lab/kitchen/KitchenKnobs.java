package dev.procession.lab.kitchen;

import dev.procession.lab.experiment.Knob;
import dev.procession.lab.experiment.Knobs;
import dev.procession.shm.SharedQueue;
import java.time.Duration;

/** The knobs that both kitchen experiments have. */
final class KitchenKnobs {
    static final Knob<Integer> CAPACITY = Knob.count("capacity", 3, 1, 1000, "how many dishes the counter holds");
    static final Knob<Integer> DISHES = Knob.count("dishes", 10, 1, 1000, "how many each cook makes");
    static final Knob<Duration> COOK_DELAY =
            Knob.millis("cook-delay", 10, "the unit of time; a dish takes 1 to 3 of it to cook (the course: 1000)");
    static final Knob<Duration> EAT_DELAY =
            Knob.millis("eat-delay", 10, "the unit of time; a dish takes 1 to 3 of it to eat (the course: 1000)");
    static final Knob<Duration> HANG_AFTER =
            Knob.millis("hang-after", 300, "how long a standstill must last to count as a hang");

    private KitchenKnobs() {}

    static Shift shift(Knobs knobs, int marksByCook, int eaters, Duration eaterPatience) {
        return new Shift(
                SharedQueue.create(knobs.get(CAPACITY)),
                knobs.get(CAPACITY),
                knobs.get(DISHES),
                marksByCook,
                eaters,
                eaterPatience,
                knobs.get(COOK_DELAY),
                knobs.get(EAT_DELAY));
    }
}
