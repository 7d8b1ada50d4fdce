package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The table in docs/python.md names a test for each of CPython's cases, and that test names the case. */
class PythonCasesTest {
    private static final String PAGE = "docs/python.md";
    private static final String LIST = "python-cases.txt";

    @Test
    void everyCaseIsInTheTableUnderItsArea() throws IOException {
        CaseTable table = CaseTable.of(PAGE);

        table.assertHasTheCasesOf(LIST);
        for (String line : CaseTable.lines(LIST)) {
            String[] idAndArea = line.split(" ", -1);
            assertThat(table.row(idAndArea[0]).about()).as(line).isEqualTo(idAndArea[1]);
        }
    }

    /** The cases of asyncio have the numbers of other cases, those of {@link CoroutineCasesTest}: their tests say which are meant. */
    @Test
    void everyTestOfTheTableNamesItsCase() throws IOException {
        CaseTable.of(PAGE)
                .assertTestsNameTheirCases(
                        row -> "\\b" + row.id() + (row.about().equals("asyncio") ? " of asyncio\\b" : "\\b"));
    }
}
