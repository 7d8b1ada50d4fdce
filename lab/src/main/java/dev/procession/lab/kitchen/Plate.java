package dev.procession.lab.kitchen;

import java.io.Serializable;

/** What stands on the counter. The course marks the end with None; our queues refuse null, so the end is a value. */
sealed interface Plate extends Serializable {
    /**
     * A dish.
     *
     * @param cook who made it
     * @param number which of the cook's, from 0
     * @param food what it is
     */
    record Dish(String cook, int number, Food food) implements Plate {
        /** One text for one dish, for comparison. */
        String text() {
            return cook + " " + number + " " + food.name();
        }
    }

    /** No more will come for the one who takes this. */
    record Closed() implements Plate {}

    /** The dishes of the course. */
    enum Food {
        BUNS("包子", "buns"),
        BONES("骨头", "bones"),
        SWILL("泔水", "swill");

        private final String seed;
        private final String gloss;

        Food(String seed, String gloss) {
            this.seed = seed;
            this.gloss = gloss;
        }

        String seed() {
            return seed;
        }

        String gloss() {
            return gloss;
        }
    }
}
