package dev.procession.lab.word;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The text that several threads work on. */
@Timeout(60)
class DocumentTest {
    @Test
    void sentencesGetCapitalsAlsoWhenTheyComeLetterByLetter() {
        Document document = new Document();
        for (char letter : "a b. c d. e".toCharArray()) {
            document.append(letter);
            document.format();
        }
        assertThat(document.text()).isEqualTo("A b. C d. E");
        assertThat(document.format()).as("nothing is new").isFalse();
    }

    @Test
    void whoWaitsForAChangeIsToldOfItAndOfTheEnd() throws Exception {
        Document document = new Document();
        Thread writer = Thread.ofPlatform().start(() -> document.append('a'));
        assertThat(document.awaitChange()).isTrue();
        document.format();
        Thread finisher = Thread.ofPlatform().start(document::finish);
        assertThat(document.awaitChange()).isFalse();
        writer.join();
        finisher.join();
    }
}
