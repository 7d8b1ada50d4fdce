package dev.procession.lab.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the knobs of an experiment are set for one run. Immutable. */
public final class Knobs {
    private final Map<Knob<?>, Object> settings;
    private final Map<Knob<?>, Object> given;

    private Knobs(Map<Knob<?>, Object> settings, Map<Knob<?>, Object> given) {
        this.settings = Collections.unmodifiableMap(settings);
        this.given = Map.copyOf(given);
    }

    /**
     * The standard settings, with those the reader gave laid over them.
     *
     * @param knobs all knobs of the experiment
     * @param texts what the reader wrote, by the knob's name
     * @throws UsageException if a knob does not take what was written
     */
    public static Knobs read(List<Knob<?>> knobs, Map<String, String> texts) {
        Map<Knob<?>, Object> settings = new LinkedHashMap<>();
        Map<Knob<?>, Object> given = new LinkedHashMap<>();
        for (Knob<?> knob : knobs) {
            String text = texts.get(knob.name());
            settings.put(knob, text == null ? knob.standard() : knob.read(text));
            if (text != null) {
                given.put(knob, text);
            }
        }
        return new Knobs(settings, given);
    }

    /** The setting of a knob. */
    @SuppressWarnings("unchecked") // A knob's setting comes from that knob alone.
    public <T> T get(Knob<T> knob) {
        Object setting = settings.get(knob);
        if (setting == null) {
            throw new IllegalArgumentException("not a knob of this experiment: knob=" + knob.name());
        }
        return (T) setting;
    }

    /** Whether the reader gave a setting for the knob. */
    public boolean isGiven(Knob<?> knob) {
        return given.containsKey(knob);
    }

    /** All settings as they are written on the command line, by name. Files that were not given are left out. */
    public Map<String, String> asWritten() {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((knob, setting) -> {
            String text = knob.write(setting);
            if (!text.isEmpty()) {
                texts.put(knob.name(), text);
            }
        });
        return texts;
    }
}
