package dev.procession.integration;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The table in docs/coroutines.md names a test for each case of greenlet, gevent, asyncio and trio, and that test names the case. */
class CoroutineCasesTest {
    private static final String PAGE = "docs/coroutines.md";

    @Test
    void everyCaseIsInTheTable() throws IOException {
        CaseTable.of(PAGE).assertHasTheCasesOf("coroutine-cases.txt");
    }

    @Test
    void everyTestOfTheTableNamesItsCase() throws IOException {
        CaseTable.of(PAGE).assertTestsNameTheirCases(row -> "\\b[Cc]ase " + row.id() + "\\b(?! of asyncio)");
    }
}
