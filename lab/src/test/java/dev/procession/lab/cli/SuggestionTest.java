package dev.procession.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> WORDS =
            List.of("start", "start-join-daemon", "ticket-lock", "ticket-race", "--buyers", "--buy-delay");

    @ParameterizedTest
    @CsvSource({
        "tiket-lock, ticket-lock",
        "ticketlock, ticket-lock",
        "ticket-rcae, ticket-race",
        "strat, start",
        "--buyer, --buyers",
        "--buyers=3, --buyers",
        "--buydelay, --buy-delay",
        "start-join, start-join-daemon"
    })
    void aMistypedWordFindsTheOneThatWasMeant(String typed, String meant) {
        assertThat(Suggestion.didYouMean(typed, WORDS)).isEqualTo(". Did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({"xyz", "--", "-", "q", "lock-ticket"})
    void aWordNearNothingGetsNoSuggestion(String typed) {
        assertThat(Suggestion.didYouMean(typed, WORDS)).isEmpty();
    }

    @Test
    void aSwapCountsOne() {
        assertThat(Suggestion.distance("ab", "ba")).isEqualTo(1);
        assertThat(Suggestion.distance("", "abc")).isEqualTo(3);
        assertThat(Suggestion.distance("same", "same")).isZero();
    }
}
