package dev.procession.examples.documents;

import java.io.File;
import java.io.IOException;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

/** The text of a PDF, by Apache PDFBox. Nothing in here knows of processes. */
public final class PdfText {
    private PdfText() {}

    /**
     * Reads a document.
     *
     * @param file its path
     * @return its text, page after page
     * @throws IOException if it is no PDF, or a broken one
     */
    public static String of(String file) throws IOException {
        try (PDDocument document = Loader.loadPDF(new File(file))) {
            return new PDFTextStripper().getText(document);
        }
    }
}
