package dev.procession.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.procession.core.SerializableFunction;
import dev.procession.core.SerializableSupplier;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
    private static final Codec CODEC = Codec.standard();

    record Order(String dish, int count, double price, boolean hot) implements Serializable {}

    @SuppressWarnings("ArrayRecordComponent") // an array inside a record is what is tested
    record Nested(Order order, List<Order> more, byte[] photo) implements Serializable {}

    record Positive(int value) implements Serializable {
        Positive {
            if (value < 0) {
                throw new IllegalArgumentException("value=" + value);
            }
        }
    }

    record Coded(int value) implements Serializable {
        private Object writeReplace() {
            return "coded " + value;
        }
    }

    record Hidden(int secret) implements Serializable {
        @Override
        public int secret() {
            return -1;
        }
    }

    enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "leaf";
            }
        }
    }

    static final class Plain implements Serializable {
        int number = 1;
        String text = "two";

        @Override
        public boolean equals(Object other) {
            return other instanceof Plain plain && plain.number == number && plain.text.equals(text);
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T copy(T value) {
        return (T) CODEC.decode(CODEC.encode(value));
    }

    static Stream<Object> values() {
        var treeMap = new TreeMap<>(Map.of("a", 1, "b", 2));
        var reversed = new TreeMap<String, Integer>(Comparator.reverseOrder());
        reversed.putAll(treeMap);
        var withNulls = new HashMap<String, Integer>();
        withNulls.put(null, 1);
        withNulls.put("x", null);
        return Stream.of(
                true,
                false,
                (byte) -7,
                (short) -30_000,
                '\uFFFE',
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                Float.MIN_VALUE,
                -0.0,
                Double.NaN,
                "",
                "plain",
                "umlaut \u00FF",
                "wide \u20AC \uD83D\uDE00",
                "lone \uD800 surrogate",
                "x".repeat(100_000),
                Colour.RED,
                Colour.GREEN,
                TimeUnit.DAYS,
                new Order("noodles", 3, 4.5, true),
                new Order(null, 0, Double.NEGATIVE_INFINITY, false),
                new Positive(0),
                new ArrayList<>(Arrays.asList(1, null, "x")),
                new ArrayList<>(),
                List.of(),
                List.of(1),
                List.of(1, 2, 3, 4, 5),
                Stream.of("a", null).toList(),
                new HashSet<>(List.of("a", "b")),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                withNulls,
                Map.of(),
                Map.of("k", 1),
                Map.of("k", List.of(1), "l", List.of(2)),
                treeMap,
                reversed,
                new LinkedHashMap<>(Map.of(1, 2)),
                Duration.ofDays(3),
                new BigDecimal("1.50"),
                new CopyOnWriteArrayList<>(List.of(1, 2)),
                Arrays.asList("a", "b"),
                Collections.emptyList(),
                new Plain(),
                List.of(new Plain(), "mixed"),
                int.class,
                String.class);
    }

    @ParameterizedTest
    @MethodSource("values")
    void comesBackEqualAndOfTheSameKind(Object value) {
        Object copy = copy(value);

        assertThat(copy).isEqualTo(value);
        assertThat(copy.toString()).isEqualTo(value.toString());
        if (!(value instanceof List<?>)) {
            assertThat(copy).hasSameClassAs(value);
        }
    }

    @Test
    void nullIsAValue() {
        Object nothing = null;
        assertThat(copy(nothing)).isNull();
    }

    static Stream<Object> arrays() {
        return Stream.of(
                new byte[] {1, -1},
                new byte[0],
                new boolean[] {true, false},
                new short[] {1, Short.MIN_VALUE},
                new char[] {'a', '\uFFFF'},
                new int[] {1, Integer.MIN_VALUE},
                new long[] {1, Long.MIN_VALUE},
                new float[] {1, Float.NaN},
                new double[] {1, Double.MIN_VALUE},
                new String[] {"a", null, "\u20AC"},
                new Object[] {1, "b", null, new int[] {1}},
                new Integer[] {1, 2},
                new int[][] {{1}, {2, 3}});
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void arraysComeBackWithTheirType(Object array) {
        Object copy = copy(array);

        assertThat(copy).hasSameClassAs(array);
        assertThat(Arrays.deepEquals(new Object[] {copy}, new Object[] {array})).isTrue();
        assertThat(Arrays.deepEquals(copy(new Object[] {array, 1}), new Object[] {array, 1}))
                .isTrue();
    }

    @Test
    void unmodifiableListsStayUnmodifiable() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> copy(List.of(1, 2, 3)).add(4));
    }

    @Test
    void nestedRecordComesBack() {
        var value = new Nested(new Order("a", 1, 1, true), List.of(new Order("b", 2, 2, false)), new byte[] {1, 2, 3});

        Nested copy = copy(value);

        assertThat(copy.order()).isEqualTo(value.order());
        assertThat(copy.more()).isEqualTo(value.more());
        assertThat(copy.photo()).containsExactly(1, 2, 3);
    }

    @Test
    void recordsAreReadByTheirFieldsNotTheirAccessors() {
        assertThat(copy(new Hidden(5))).isEqualTo(new Hidden(5)).isNotEqualTo(new Hidden(-1));
    }

    @Test
    void recordThatReplacesItselfIsAsked() {
        Object copy = copy((Object) new Coded(3));

        assertThat(copy).isEqualTo("coded 3");
    }

    @Test
    void recordsTakeAFractionOfTheJdksBytes() {
        assertThat(CODEC.encode(new Order("noodles", 3, 4.5, true))).hasSizeLessThan(100);
    }

    @Test
    void lambdaComesBackWithWhatItCaptured() {
        int offset = 40;
        String unit = "people";
        SerializableFunction<Integer, String> shift = n -> n + offset + " " + unit;

        assertThat(copy(shift).apply(2)).isEqualTo("42 people");
        assertThat(copy(shift).apply(3)).isEqualTo("43 people");
    }

    @Test
    void methodReferencesAndNestedLambdasComeBack() {
        SerializableFunction<String, Integer> length = String::length;
        SerializableSupplier<Integer> call = () -> length.apply("four");
        var plain = new Plain();
        SerializableSupplier<Plain> foreign = () -> plain;

        assertThat(copy(call).get()).isEqualTo(4);
        assertThat(copy(foreign).get()).isEqualTo(plain).isNotSameAs(plain);
    }

    @Test
    void twoLambdasOfOneClassStayApart() {
        List<SerializableSupplier<String>> both = List.of(() -> "first", () -> "second");

        assertThat(copy(both)).extracting(SerializableSupplier::get).containsExactly("first", "second");
    }

    @Test
    void sharedObjectsStayShared() {
        var shared = new ArrayList<>(List.of(1));
        List<ArrayList<Integer>> copy = copy(List.of(shared, shared));

        assertThat(copy.get(0)).isSameAs(copy.get(1)).isEqualTo(shared);
    }

    @Test
    void sharedArraysInDifferentPlacesStayShared() {
        byte[] photo = {1};
        List<Nested> copy = copy(new ArrayList<>(List.of(
                new Nested(null, List.of(), photo), new Nested(null, List.of(), photo), new Nested(null, null, null))));

        assertThat(copy.get(0).photo()).isSameAs(copy.get(1).photo());
    }

    @Test
    void manyDistinctObjectsAndOneSharedFarApart() {
        var shared = new int[] {7};
        var list = new ArrayList<Object>();
        list.add(shared);
        for (int i = 0; i < 1000; i++) {
            list.add(new int[] {i});
        }
        list.add(shared);

        ArrayList<Object> copy = copy(list);

        assertThat(copy.get(0)).isSameAs(copy.get(1001));
        assertThat(copy.get(500)).isEqualTo(new int[] {499});
    }

    @Test
    void cyclesComeBack() {
        var list = new ArrayList<Object>();
        list.add(list);
        ArrayList<Object> copy = copy(list);

        assertThat(copy.get(0)).isSameAs(copy);
    }

    @Test
    void longSharedStringIsSentOnce() {
        String text = "x".repeat(10_000);

        assertThat(CODEC.encode(Collections.nCopies(100, text).toArray())).hasSizeLessThan(12_000);
    }

    @Test
    void deepValuesComeBackOrAreRefusedClearly() {
        Object value = "bottom";
        for (int i = 0; i < 500; i++) {
            value = new ArrayList<>(Collections.singletonList(value));
        }
        assertThat(copy(value)).isEqualTo(value);

        Object deeper = value;
        for (int i = 0; i < 100_000; i++) {
            deeper = new Object[] {deeper};
        }
        Object tooDeep = deeper;
        assertThatExceptionOfType(UnencodableException.class)
                .isThrownBy(() -> CODEC.encode(tooDeep))
                .withMessageContaining("nested too deeply");
    }

    @Test
    void bytesAreCopiedOnceStraightFromAndToMemory() {
        byte[] body = {9, 8, 7};
        Encoded sent = CODEC.prepare(body);
        assertThat(sent.array()).isSameAs(body);
        assertThat(sent.size()).isEqualTo(4);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ring = arena.allocate(64);
            sent.copyTo(ring, 13);

            Encoded received = CODEC.receive(ring, 13, sent.size());

            assertThat(received.isRaw()).isTrue();
            assertThat(CODEC.open(received, null)).isSameAs(received.array()).isEqualTo(body);
        }
        assertThat(CODEC.decode(sent.toByteArray())).isEqualTo(body);
    }

    @Test
    void otherValuesTravelThroughMemoryToo() {
        Encoded sent = CODEC.prepare(List.of("a", 1));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ring = arena.allocate(64);
            sent.copyTo(ring, 1);

            assertThat(CODEC.open(
                            CODEC.receive(ring, 1, sent.size()), getClass().getClassLoader()))
                    .isEqualTo(List.of("a", 1));
        }
    }

    @Test
    void filterDecidesWhatIsBuilt() {
        Codec strict = Codec.accepting(
                ObjectInputFilter.Config.createFilter("dev.procession.core.codec.CodecTest$Order;java.lang.*;!*"));

        assertThat(strict.decode(strict.encode(new Order("a", 1, 1, true)))).isEqualTo(new Order("a", 1, 1, true));
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> strict.decode(strict.encode(new Positive(1))))
                .withMessageContaining("filter")
                .withMessageContaining("Positive");
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> strict.decode(strict.encode(new Plain())));
        SerializableSupplier<Integer> lambda = () -> 1;
        assertThatExceptionOfType(UndecodableException.class).isThrownBy(() -> strict.decode(strict.encode(lambda)));
    }

    @Test
    void classesComeFromTheGivenLoader() throws Exception {
        byte[] bytes = CODEC.encode(new Order("a", 1, 1, true));
        URL classes = getClass().getProtectionDomain().getCodeSource().getLocation();
        try (var other = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Object copy = CODEC.decode(bytes, other);

            assertThat(copy.getClass().getClassLoader()).isSameAs(other);
            assertThat(CODEC.decode(bytes, getClass().getClassLoader())).isInstanceOf(Order.class);
        }
    }

    @Test
    void missingClassIsNamed() {
        byte[] bytes = CODEC.encode(Colour.RED);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).replace("Colour", "Flavor");

        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> CODEC.decode(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .withMessageContaining("class not found")
                .withMessageContaining("CodecTest$Flavor");
    }

    @Test
    void recordsConstructorHasTheLastWord() {
        byte[] bytes = CODEC.encode(new Positive(1));
        bytes[bytes.length - 1] = -1;

        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> CODEC.decode(bytes))
                .withMessageContaining("refused");
    }

    @Test
    void collectionChangedWhileItIsWrittenIsAnUnencodableValue() {
        var map = new HashMap<Object, Object>(Map.of(1, 1)) {
            @Override
            public Set<Map.Entry<Object, Object>> entrySet() {
                throw new java.util.ConcurrentModificationException();
            }
        };
        assertThatExceptionOfType(UnencodableException.class)
                .isThrownBy(() -> CODEC.encode(new ArrayDeque<>(List.of(map))));
    }
}
