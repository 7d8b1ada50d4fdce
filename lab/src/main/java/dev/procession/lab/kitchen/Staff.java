package dev.procession.lab.kitchen;

import dev.procession.lab.kitchen.Plate.Food;
import dev.procession.lab.picture.Label;
import java.util.List;

/**
 * Who works in a kitchen, by the names they have in the course.
 *
 * @param cooks the cooks
 * @param eaters the eaters
 */
record Staff(List<Chef> cooks, List<Label> eaters) {
    private static final Label MENG_LIANG = new Label("孟良 Meng Liang", "Meng Liang");
    private static final Label CHI_JINTAO = new Label("池劲涛 Chi Jintao", "Chi Jintao");

    /** One cook of buns, one eater. */
    static final Staff SMALL = new Staff(List.of(new Chef("egon", Food.BUNS)), List.of(MENG_LIANG));

    /** Three cooks; four eaters, three of whom bear one name. */
    static final Staff LARGE = new Staff(
            List.of(new Chef("egon", Food.BUNS), new Chef("lqz", Food.BONES), new Chef("jsason", Food.SWILL)),
            List.of(MENG_LIANG, CHI_JINTAO, CHI_JINTAO, CHI_JINTAO));

    /** Copies the lists. */
    Staff {
        cooks = List.copyOf(cooks);
        eaters = List.copyOf(eaters);
    }

    /** A cook and what it cooks. */
    record Chef(String name, Food food) {
        Label label() {
            return new Label(name + " " + food.seed() + " " + food.gloss(), name + " " + food.gloss());
        }
    }

    int size() {
        return cooks.size() + eaters.size();
    }
}
