package dev.procession.lab.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.lab.picture.Ink;
import dev.procession.lab.picture.Look;
import dev.procession.lab.picture.Tint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {
    private enum Does implements Look {
        WAITS,
        EATS;

        @Override
        public Tint tint() {
            return new Tint("x", 'x', 'x', Ink.PLAIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "第3个包子", "two words", "line\nfeed", "\u001e"})
    void whatIsWrittenIsReadAsItWasOnOneLineOfAscii(String text) {
        String line = Entry.line(-42, Entry.Kind.MARKS, Does.EATS, text);

        assertThat(line).doesNotContain("\n").matches("\\p{ASCII}+");
        assertThat(Entry.read(line)).contains(new Entry(-42, Entry.Kind.MARKS, "EATS", text));
        assertThat(Entry.read(line).orElseThrow().is(Does.EATS)).isTrue();
        assertThat(Entry.read(line).orElseThrow().is(Does.WAITS)).isFalse();
    }

    @Test
    void whatAProgramPrintsIsNoEntry() {
        for (String line : List.of(
                "",
                "hello",
                "procession-lab 1 MARKS EATS ",
                "\u001eprocession-lab x MARKS EATS ",
                "\u001eprocession-lab 1 SINGS EATS ",
                "\u001eprocession-lab 1 MARKS EATS zz")) {
            assertThat(Entry.read(line)).as(line).isEmpty();
        }
    }

    @Test
    void anEntryCutInTheMiddleByAKillIsNoEntry() {
        String line = Entry.line(1, Entry.Kind.MARKS, Does.EATS, "ab");
        assertThat(Entry.read(line.substring(0, line.length() - 1))).isEmpty();
    }
}
