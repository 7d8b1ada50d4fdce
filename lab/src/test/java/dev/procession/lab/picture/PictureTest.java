package dev.procession.lab.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.picture.Lanes.Lane;
import dev.procession.lab.picture.Lanes.Level;
import dev.procession.lab.picture.Lanes.Mark;
import dev.procession.lab.picture.Lanes.Sample;
import dev.procession.lab.picture.Lanes.Span;
import dev.procession.lab.picture.Paper.Colours;
import dev.procession.lab.picture.Paper.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures as text, drawn on papers of every kind. */
class PictureTest {
    private static final Paper UNICODE = new Paper(60, Script.UNICODE, Colours.OFF);
    private static final Paper ASCII = new Paper(60, Script.ASCII, Colours.OFF);
    private static final Paper COLOURED = new Paper(60, Script.ASCII, Colours.ON);

    private static final Tint WAITS = new Tint("waits", '·', '.', Ink.YELLOW);
    private static final Tint BUYS = new Tint("buys", '█', '#', Ink.GREEN);
    private static final Tint SOLD = new Tint("sold", '✓', '$', Ink.PLAIN);

    private static long ms(long millis) {
        return millis * 1_000_000;
    }

    private static Lanes rush() {
        return Lanes.of(List.of(
                new Lane(
                        new Label("孟良 Meng", "Meng"),
                        List.of(new Span(ms(0), ms(50), WAITS), new Span(ms(50), ms(100), BUYS)),
                        List.of(new Mark(ms(100), SOLD)),
                        "bought"),
                new Lane(Label.of("egon"), List.of(new Span(ms(25), ms(75), WAITS)), List.of(), "none left")));
    }

    @Test
    void lanesShowWhoDidWhatWhen() {
        assertThat(rush().draw(UNICODE))
                .containsExactly(
                        "            0 ms                           100 ms",
                        " 孟良 Meng  ···················█████████████████✓  bought",
                        " egon                ···················           none left",
                        "            · waits  █ buys  ✓ sold");
    }

    @Test
    void lanesInAsciiUseLatinNamesAndPlainSigns() {
        assertThat(rush().draw(ASCII))
                .containsExactly(
                        "       0 ms                                100 ms",
                        " Meng  .....................####################$  bought",
                        " egon            ......................            none left",
                        "       . waits  # buys  $ sold")
                .allMatch(line -> line.chars().allMatch(letter -> letter < 128));
    }

    @Test
    void neighboursOfOneInkAreInkedTogether() {
        assertThat(rush().draw(COLOURED).get(1))
                .isEqualTo(
                        " Meng  \u001b[33m.....................\u001b[0m\u001b[32m####################\u001b[0m$  bought");
    }

    @Test
    void aLevelIsDrawnOnTheAxisOfTheLanes() {
        Lanes picture = rush().with(new Level(
                "counter", 3, List.of(new Sample(ms(0), 0), new Sample(ms(50), 3), new Sample(ms(75), 1))));

        assertThat(picture.draw(ASCII).get(3))
                .isEqualTo(" counter                     ##########----------  at most 3");
    }

    @Test
    void aCellShowsTheStateThatTookTheMostOfIt() {
        Lane mostlyWaiting = new Lane(
                Label.of("x"),
                List.of(new Span(0, ms(90), WAITS), new Span(ms(90), ms(91), BUYS), new Span(ms(91), ms(100), WAITS)),
                List.of(),
                "");

        assertThat(Lanes.of(List.of(mostlyWaiting)).draw(ASCII).get(1)).doesNotContain("#");
    }

    @Test
    void aLegendThatIsTooLongGoesOnTheNextLine() {
        List<Span> spans = new java.util.ArrayList<>();
        for (int i = 0; i < 4; i++) {
            spans.add(new Span(
                    ms(i),
                    ms(i + 1),
                    new Tint("a rather long word " + i, (char) ('a' + i), (char) ('a' + i), Ink.PLAIN)));
        }

        assertThat(Lanes.of(List.of(new Lane(Label.of("x"), spans, List.of(), "")))
                        .draw(ASCII))
                .hasSize(4)
                .allSatisfy(line -> assertThat(DisplayWidth.of(line)).isLessThanOrEqualTo(60));
    }

    @Test
    void lanesOfNothingAreDrawnWithoutTime() {
        assertThat(Lanes.of(List.of(new Lane(Label.of("idle"), List.of(), List.of(), "never began")))
                        .draw(ASCII))
                .containsExactly(
                        "       0 ms                                0 ms", " idle" + " ".repeat(44) + "never began");
    }

    @Test
    void aNarrowTerminalIsWidenedRatherThanFailed() {
        assertThat(new Paper(3, Script.ASCII, Colours.OFF).columns()).isEqualTo(Paper.LEAST_COLUMNS);
    }

    @Test
    void tablesAlignNumbersToTheRightAndCountChineseCharactersTwice() {
        Table table = new Table(List.of("who", "sold"), List.of(List.of("孟良", "5"), List.of("egon", "10")));

        assertThat(table.draw(UNICODE)).containsExactly(" who   sold", " 孟良     5", " egon    10");
        assertThat(table.draw(ASCII)).containsExactly(" who   sold", " ??       5", " egon    10");
    }

    @Test
    void treesHangChildrenBelowTheirParents() {
        Tree tree = Tree.of("lab", Tree.of("mother", Tree.of("child")), Tree.of("other"));

        assertThat(tree.draw(ASCII)).containsExactly(" lab", " |- mother", " |  `- child", " `- other");
        assertThat(tree.draw(UNICODE)).containsExactly(" lab", " ├─ mother", " │  └─ child", " └─ other");
    }

    @Test
    void histogramsTellRightValuesFromThoseBeyondTheLimit() {
        Histogram histogram = Histogram.of("sold", List.of(5, 10, 10), 5);

        assertThat(histogram.draw(ASCII))
                .containsExactly(
                        " sold  5  " + "#".repeat(19) + " ".repeat(19) + "  1 run",
                        " sold 10  " + "#".repeat(38) + "  2 runs");
        assertThat(histogram.draw(COLOURED).get(0)).contains("\u001b[32m#");
        assertThat(histogram.draw(COLOURED).get(1)).contains("\u001b[31m#");
    }

    @Test
    void widthsAreThoseOfATerminal() {
        assertThat(DisplayWidth.of("abc")).isEqualTo(3);
        assertThat(DisplayWidth.of("包子")).isEqualTo(4);
        assertThat(DisplayWidth.of("e\u0301")).isEqualTo(1);
        assertThat(DisplayWidth.of("𠀀")).isEqualTo(2);
        assertThat(DisplayWidth.padRight("包", 4)).isEqualTo("包  ");
        assertThat(DisplayWidth.padLeft("包", 1)).isEqualTo("包");
    }

    @Test
    void longTimesAreToldInSeconds() {
        assertThat(Millis.text(ms(9_999))).isEqualTo("9999 ms");
        assertThat(Millis.text(ms(12_345))).isEqualTo("12.3 s");
    }

    @Test
    void barsAreToScale() {
        Bars bars = new Bars("quantum", List.of(new Bars.Bar("1", 1, "1"), new Bars.Bar("10", 4, "4.0")), Ink.GREEN);

        assertThat(bars.draw(ASCII))
                .containsExactly(
                        " quantum  1  " + "#".repeat(11) + " ".repeat(31) + "    1",
                        " quantum 10  " + "#".repeat(42) + "  4.0");
        assertThat(bars.draw(COLOURED).getFirst()).contains("\u001b[32m#");
    }

    @Test
    void logBarsSetPowersOfTenSideBySide() {
        LogBars bars = new LogBars(
                LogBars.Unit.TIME,
                List.of(
                        new LogBars.Bar("thread", 50_000, 40_000, 60_000),
                        new LogBars.Bar("process", 50_000_000, 45_000_000, 90_000_000)));

        List<String> lines = bars.draw(ASCII);
        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(60));
        assertThat(lines.get(0)).contains("10 us", "1 ms");
        assertThat(lines.get(1)).endsWith("50 us (40 us to 60 us)");
        assertThat(lines.get(2)).endsWith("50 ms (45 ms to 90 ms)");
        assertThat(lines.get(1).chars().filter(sign -> sign == '#').count())
                .isLessThan(lines.get(2).chars().filter(sign -> sign == '#').count());
        assertThat(bars.draw(UNICODE).get(1)).contains("█", "▒");
    }

    @Test
    void measuresHaveTheUnitThatFits() {
        assertThat(LogBars.Unit.TIME.text(950)).isEqualTo("950 ns");
        assertThat(LogBars.Unit.TIME.text(1_500)).isEqualTo("1.5 us");
        assertThat(LogBars.Unit.TIME.text(2.5e9)).isEqualTo("2.5 s");
        assertThat(LogBars.Unit.MEMORY.text(40 << 20)).isEqualTo("40 MiB");
    }

    @Test
    void lanesOfAModelCountTicks() {
        Lanes lanes = Lanes.ofTicks(
                List.of(new Lane(Label.of("p"), List.of(new Span(0, 3, BUYS), new Span(3, 7, WAITS)), List.of(), "")));

        assertThat(lanes.draw(ASCII).getFirst()).startsWith("    0 ").endsWith("7 ticks");
        assertThat(lanes.draw(ASCII).get(1)).isEqualTo(" p  " + "#".repeat(23) + ".".repeat(31));
    }
}
