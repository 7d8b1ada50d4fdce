package dev.procession.examples.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.process.StuckTaskException;
import dev.procession.process.WorkerDiedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that hang, fill the heap and crash, among files that do not: those get their text. */
@ExtendWith(NothingLeft.class)
class HostileDocumentsTest {
    private static final int GOOD = 12;
    private static final long BOMB_BYTES = 300L << 20;
    private static final Limits LIMITS = new Limits(2, Duration.ofSeconds(8), 96L << 20, 1);

    @TempDir
    Path temporary = Path.of(".");

    private Path folder = Path.of(".");
    private Path reports = Path.of(".");

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectory(temporary.resolve("documents"));
        reports = Files.createDirectory(temporary.resolve("reports"));
    }

    private Path document(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        try (var document = new PDDocument()) {
            var page = new PDPage();
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(50, 700);
                content.showText(text);
                content.endText();
            }
            document.save(file.toFile());
        }
        return file;
    }

    /** A small file whose one page shows a string of hundreds of megabytes when it is unpacked. */
    private Path bomb() throws IOException {
        Path file = folder.resolve("bomb.pdf");
        try (var document = new PDDocument()) {
            var page = new PDPage();
            document.addPage(page);
            var string = new SequenceInputStream(
                    new SequenceInputStream(bytes("BT ("), new Spaces(BOMB_BYTES)), bytes(") Tj ET"));
            page.setContents(new PDStream(document, string, COSName.FLATE_DECODE));
            document.save(file.toFile());
        }
        assertThat(Files.size(file)).isLessThan(2 << 20);
        return file;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static final class Spaces extends InputStream {
        private long left;

        Spaces(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? ' ' : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(left, length);
            Arrays.fill(target, offset, offset + count, (byte) ' ');
            left -= count;
            return count;
        }
    }

    /** A pipe that nobody writes to: opening it waits in the kernel, where no interrupt is heard. */
    private Path pipe() throws IOException, InterruptedException {
        Path file = folder.resolve("pipe.pdf");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        return file;
    }

    /** PDFBox, and beside it what native libraries do to their JVM. */
    private static String parse(String file) throws Exception {
        if (file.endsWith("crash.pdf")) {
            writeWhereNothingIs();
        }
        if (file.endsWith("flaky.pdf") && Files.deleteIfExists(Path.of(file + ".first"))) {
            Runtime.getRuntime().halt(7);
        }
        return PdfText.of(file);
    }

    @SuppressWarnings({"removal", "deprecation"})
    private static void writeWhereNothingIs() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        type.getMethod("putLong", long.class, long.class).invoke(field.get(null), 8L, 1L);
    }

    @Test
    void everyFileThatCanBeReadGetsItsTextWhateverTheOthersDo() throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            files.add(document("good-" + i + ".pdf", "Document number " + i));
        }
        Path bomb = bomb();
        Path pipe = pipe();
        Path crash = document("crash.pdf", "never read");
        Path noPdf = Files.writeString(folder.resolve("letter.pdf"), "Dear Sir or Madam");
        Path flaky = document("flaky.pdf", "Read by the second");
        files.add(2, bomb);
        files.add(4, pipe);
        files.add(6, crash);
        files.add(8, noPdf);
        files.add(10, flaky);
        Files.createFile(folder.resolve("flaky.pdf.first"));

        Map<Path, Outcome> outcomes = HostileDocuments.read(files, HostileDocumentsTest::parse, LIMITS, reports);

        assertThat(outcomes.keySet()).containsExactlyElementsOf(files);
        for (int i = 0; i < GOOD; i++) {
            String expected = "Document number " + i;
            assertThat(outcomes.get(folder.resolve("good-" + i + ".pdf")))
                    .isInstanceOfSatisfying(
                            Outcome.Text.class,
                            read -> assertThat(read.text().strip()).isEqualTo(expected));
        }
        assertThat(outcomes.get(flaky))
                .as("its first reader died, its second did not")
                .isInstanceOfSatisfying(
                        Outcome.Text.class,
                        read -> assertThat(read.text().strip()).isEqualTo("Read by the second"));
        assertThat(refused(outcomes.get(bomb), Outcome.Reason.DEADLY))
                .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                    assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.OUT_OF_MEMORY);
                    assertThat(death.deaths()).isEqualTo(1 + LIMITS.retries());
                });
        assertThat(refused(outcomes.get(crash), Outcome.Reason.DEADLY))
                .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                    assertThat(death.reason()).isEqualTo(WorkerDiedException.Cause.CRASH);
                    assertThat(death.crashFile())
                            .hasValueSatisfying(
                                    file -> assertThat(file).exists().hasParent(reports));
                });
        assertThat(refused(outcomes.get(pipe), Outcome.Reason.TOO_SLOW).getCause())
                .as("where it hung")
                .isInstanceOf(StuckTaskException.class);
        assertThat(refused(outcomes.get(noPdf), Outcome.Reason.UNREADABLE)).isInstanceOf(IOException.class);
    }

    private static Throwable refused(Outcome outcome, Outcome.Reason reason) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        Outcome.Refused refused = (Outcome.Refused) outcome;
        assertThat(refused.reason()).as(refused.cause().toString()).isEqualTo(reason);
        return refused.cause();
    }

    @Test
    void folderIsListedByNameWithoutItsFolders() throws IOException {
        Path b = document("b.pdf", "b");
        Path a = document("a.pdf", "a");
        Files.createDirectory(folder.resolve("c.pdf"));

        assertThat(HostileDocuments.filesOf(folder)).containsExactly(a, b);
    }
}
