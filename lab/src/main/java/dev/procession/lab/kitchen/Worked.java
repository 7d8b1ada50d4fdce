package dev.procession.lab.kitchen;

import dev.procession.lab.picture.Label;
import dev.procession.lab.picture.Lanes;
import dev.procession.lab.picture.Lanes.Sample;
import dev.procession.lab.picture.Picture;
import dev.procession.lab.stage.Entry;
import dev.procession.lab.stage.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a shift.
 *
 * @param shift the shift
 * @param cooks what the cooks told
 * @param eaters what the eaters told
 * @param hung whether somebody was not through by itself
 * @param left what stood on the counter in the end
 * @param depths how many stood there over time
 * @param openedNanos when it began
 */
record Worked(
        Shift shift,
        List<Part> cooks,
        List<Part> eaters,
        boolean hung,
        List<Plate> left,
        List<Sample> depths,
        long openedNanos) {

    /** The dishes that were put on the counter, as their cooks tell. */
    List<String> put() {
        return texts(cooks, Doing.PUT);
    }

    /** The dishes that were eaten, as their eaters tell. */
    List<String> eaten() {
        return texts(eaters, Doing.ATE);
    }

    private static List<String> texts(List<Part> parts, Doing look) {
        return parts.stream()
                .flatMap(part -> part.entries(look).stream())
                .map(Entry::text)
                .toList();
    }

    /** Whether each dish that was put was eaten once, and nothing else was. */
    boolean allEatenOnce() {
        return new HashSet<>(put()).equals(new HashSet<>(eaten()))
                && put().size() == eaten().size()
                && put().size() == shift.dishes() * cooks.size();
    }

    /** Whether everybody was through by itself, and all was eaten. */
    boolean endedWell() {
        return !hung && allEatenOnce();
    }

    int greatestDepth() {
        return depths.stream().mapToInt(Sample::depth).max().orElse(0);
    }

    /** Those among the eaters who work in this shift and were not through by themselves. */
    long hungEaters() {
        return hungOf(eaters);
    }

    long hungCooks() {
        return hungOf(cooks);
    }

    private static long hungOf(List<Part> parts) {
        return parts.stream().filter(part -> !part.has(Doing.THROUGH)).count();
    }

    long marksLeft() {
        return left.stream().filter(Plate.Closed.class::isInstance).count();
    }

    long eatersWhoGaveUp() {
        return eaters.stream().filter(part -> part.has(Doing.GAVE_UP)).count();
    }

    /** The lanes of all who worked, and how full the counter was. */
    Picture picture(Staff staff) {
        List<Lanes.Lane> lanes = new ArrayList<>();
        for (int i = 0; i < cooks.size(); i++) {
            Part cook = cooks.get(i);
            lanes.add(lane(
                    cook,
                    staff.cooks().get(i).label(),
                    "put " + cook.entries(Doing.PUT).size()));
        }
        for (int i = 0; i < shift.eaters(); i++) {
            Part eater = eaters.get(i);
            lanes.add(lane(
                    eater,
                    staff.eaters().get(i),
                    "ate " + eater.entries(Doing.ATE).size()));
        }
        return Lanes.of(lanes).with(new Lanes.Level("counter", shift.capacity(), depths));
    }

    private Lanes.Lane lane(Part part, Label name, String ending) {
        return part.lane(Doing.class, name, part.has(Doing.THROUGH) ? ending : ending + ", HANGS", openedNanos);
    }

    Map<String, Object> asMap(String name) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("variant", name);
        map.put("produced", put().size());
        map.put("consumed", eaten().size());
        map.put("hungCooks", hungCooks());
        map.put("hungEaters", hungEaters());
        map.put("eatersWhoGaveUp", eatersWhoGaveUp());
        map.put("endMarksLeft", marksLeft());
        map.put("greatestDepth", greatestDepth());
        return map;
    }

    /** A row of the table of variants, under {@link #HEADS}. */
    List<String> row(String name) {
        return List.of(
                name,
                String.valueOf(put().size()),
                String.valueOf(eaten().size()),
                hung ? whoHangs() : "all",
                String.valueOf(marksLeft()));
    }

    static final List<String> HEADS = List.of("end mark", "put", "eaten", "who ended", "marks left");

    private String whoHangs() {
        return hungCooks() > 0 ? "a cook HANGS" : hungEaters() + (hungEaters() == 1 ? " eater HANGS" : " eaters HANG");
    }
}
