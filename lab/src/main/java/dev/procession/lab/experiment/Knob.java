package dev.procession.lab.experiment;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Something about an experiment that the reader may turn: {@code --buyers 20}.
 *
 * <p>Knobs are immutable and know their type, their unit, their standard setting and which settings they take.
 *
 * @param <T> the type of its settings
 */
public final class Knob<T> {
    private static final int MOST_MILLIS = 600_000;

    private final String name;
    private final String unit;
    private final String expected;
    private final String says;
    private final T standard;
    private final Function<String, Optional<T>> reader;

    private Knob(
            String name, String unit, String expected, String says, T standard, Function<String, Optional<T>> reader) {
        this.name = name;
        this.unit = unit;
        this.expected = expected;
        this.says = says;
        this.standard = standard;
        this.reader = reader;
    }

    /** A number of things, within bounds that are included. */
    public static Knob<Integer> count(String name, int standard, int least, int most, String says) {
        String expected = "a whole number from " + least + " to " + most;
        return new Knob<>(
                name, "N", expected, says, standard, text -> wholeNumber(text).filter(n -> n >= least && n <= most));
    }

    /** A span of time in whole milliseconds, at most ten minutes. */
    public static Knob<Duration> millis(String name, int standardMillis, String says) {
        String expected = "whole milliseconds from 0 to " + MOST_MILLIS;
        return new Knob<>(
                name,
                "MS",
                expected,
                says,
                Duration.ofMillis(standardMillis),
                text -> wholeNumber(text)
                        .filter(n -> n >= 0 && n <= MOST_MILLIS)
                        .map(Duration::ofMillis));
    }

    /** A file that may be given; without it the experiment makes its own. */
    public static Knob<Optional<Path>> file(String name, String says) {
        return new Knob<>(
                name,
                "FILE",
                "the path of a file",
                says,
                Optional.empty(),
                text -> text.isEmpty() ? Optional.empty() : Optional.of(Optional.of(Path.of(text))));
    }

    /** One of a few words: the names of an enum's constants, in lower case. */
    public static <E extends Enum<E>> Knob<E> choice(String name, E standard, String says) {
        E[] all = standard.getDeclaringClass().getEnumConstants();
        String words = Arrays.stream(all).map(Knob::word).collect(Collectors.joining(" or "));
        return new Knob<>(
                name,
                "WORD",
                words,
                says,
                standard,
                text -> Arrays.stream(all)
                        .filter(each -> word(each).equals(text))
                        .findFirst());
    }

    /**
     * A few whole numbers, with commas between, within bounds that are included.
     *
     * @param most how many there may be; at least one there must be
     */
    public static Knob<List<Integer>> numbers(
            String name, List<Integer> standard, int least, int greatest, int most, String says) {
        String expected = "1 to " + most + " whole numbers from " + least + " to " + greatest + ", like "
                + standard.stream().map(String::valueOf).collect(Collectors.joining(","));
        return new Knob<>(name, "N,N", expected, says, standard, text -> {
            List<Optional<Integer>> read = Arrays.stream(text.split(",", -1))
                    .map(number -> wholeNumber(number.strip()).filter(n -> n >= least && n <= greatest))
                    .toList();
            return read.size() <= most && read.stream().allMatch(Optional::isPresent)
                    ? Optional.of(read.stream().map(Optional::orElseThrow).toList())
                    : Optional.empty();
        });
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Integer> wholeNumber(String text) {
        try {
            return Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Its name, without the dashes. */
    public String name() {
        return name;
    }

    /** Its name as it is written on the command line. */
    public String option() {
        return "--" + name;
    }

    /** What kind of setting it takes, in one word for the help. */
    public String unit() {
        return unit;
    }

    /** Which settings it takes, in words. */
    public String expected() {
        return expected;
    }

    /** What it is for. */
    public String says() {
        return says;
    }

    /** Its setting when the reader gives none. */
    public T standard() {
        return standard;
    }

    /** A setting as it is written on the command line and in the outcome; empty for a file that was not given. */
    public String write(Object setting) {
        return switch (setting) {
            case Duration time -> String.valueOf(time.toMillis());
            case Optional<?> file -> file.map(Object::toString).orElse("");
            case Enum<?> choice -> word(choice);
            case List<?> numbers -> numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
            default -> String.valueOf(setting);
        };
    }

    /**
     * Reads a setting.
     *
     * @throws UsageException if it is none this knob takes
     */
    public T read(String text) {
        try {
            return reader.apply(text).orElseThrow();
        } catch (NoSuchElementException | InvalidPathException e) {
            throw new UsageException(option() + "=" + text + ": expected " + expected + " (default: "
                    + (write(standard).isEmpty() ? "none" : write(standard)) + ")");
        }
    }
}
