package dev.procession.lab.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a ticket file: what is read of it, what is kept of it, what is refused. */
class TicketsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String changed(String text, int count) throws Tickets.MalformedException {
        return new String(Tickets.parse(bytes(text)).withCount(count), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"count\":5}|5|{\"count\":4}",
                "{ \"count\" : 10 }|10|{ \"count\" : 4 }",
                "{\"a\":[1,{\"count\":9}],\"count\":5,\"z\":1.10}|5|{\"a\":[1,{\"count\":9}],\"count\":4,\"z\":1.10}",
                "{\"event\":\"演唱会\",\"count\":5}|5|{\"event\":\"演唱会\",\"count\":4}",
                "{\"count\":0}|0|{\"count\":4}",
                "{\"count\":2147483647,\"e\":1e400}|2147483647|{\"count\":4,\"e\":1e400}",
                "{\"co\\u0075nt\":7}|7|{\"co\\u0075nt\":4}",
            })
    void onlyTheCountChangesAllElseIsKeptToTheByte(String before, int count, String after) throws Exception {
        assertThat(Tickets.parse(bytes(before)).count()).isEqualTo(count);
        assertThat(changed(before, 4)).isEqualTo(after);
    }

    @Test
    void linesIndentsAndAByteOrderMarkAreKept() throws Exception {
        assertThat(changed("\ufeff{\r\n\t\"count\": 5 ,\r\n\t\"x\": {}\r\n}\r\n", 12))
                .isEqualTo("\ufeff{\r\n\t\"count\": 12 ,\r\n\t\"x\": {}\r\n}\r\n");
    }

    @Test
    void aChangedTextCanBeReadAndChangedAgain() throws Exception {
        byte[] text = bytes("{\"x\":1,\"count\":100}");
        for (int left = 99; left >= 0; left--) {
            text = Tickets.parse(text).withCount(left);
        }
        assertThat(text).isEqualTo(bytes("{\"x\":1,\"count\":0}"));
    }

    @Test
    void theTextIsACopy() {
        Tickets tickets = Tickets.of(3);
        tickets.text()[0] = 'x';
        assertThat(tickets.text()).isEqualTo(bytes("{\"count\": 3}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|empty; expected {\"count\": 5}",
                "[5]|expected an object like {\"count\": 5}",
                "5|expected an object like {\"count\": 5}",
                "{}|no field \"count\"",
                "{\"Count\":5}|no field \"count\"",
                "{\"x\":{\"count\":5}}|no field \"count\"",
                "{\"count\":-1}|line 1: count=-1; expected a whole number of tickets from 0",
                "{\"count\":5.0}|count=5.0; expected a whole number",
                "{\"count\":1e2}|count=1e2; expected a whole number",
                "{\"count\":2147483648}|count=2147483648; expected a whole number",
                "{\"count\":99999999999999999999}|count=99999999999999999999; expected a whole number",
                "{\"count\":\"5\"}|count=5; expected a whole number",
                "{\"count\":true}|count=true; expected a whole number",
                "{\"count\":null}|count=null; expected a whole number",
                "{\"count\":[5]}|count=[...]; expected a whole number",
                "{\"count\":5|line 1, column",
                "{\"count\":5,}|not JSON",
                "{\"count\":05}|not JSON",
                "{\"count\":5} {\"count\":6}|line 1: more text after the object",
                "{\"count\":5,\"count\":6}|not JSON: Duplicate",
                "{'count':5}|not JSON",
                "hello|not JSON",
            })
    void aTextThatIsNoTicketFileIsRefusedInOneLine(String text, String why) {
        assertThatExceptionOfType(Tickets.MalformedException.class)
                .isThrownBy(() -> Tickets.parse(bytes(text)))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE"})
    void anotherEncodingThanUtf8IsRefused(String charset) {
        byte[] text = "{\"count\":5}".getBytes(Charset.forName(charset));

        assertThatExceptionOfType(Tickets.MalformedException.class)
                .isThrownBy(() -> Tickets.parse(text))
                .withMessageContaining("not JSON in UTF-8");
    }

    @Test
    void brokenUtf8AndDeepNestingAreRefused() {
        assertThatExceptionOfType(Tickets.MalformedException.class)
                .isThrownBy(() -> Tickets.parse(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));
        assertThatExceptionOfType(Tickets.MalformedException.class)
                .isThrownBy(() -> Tickets.parse(bytes("{\"x\":" + "[".repeat(100_000))));
    }
}
