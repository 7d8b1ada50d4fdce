package dev.procession.lab.doctor;

import java.util.Collection;
import java.util.Comparator;

/** How a space is: the exit code of {@code doctor}. Worse ones come later. */
public enum Severity {
    /** Nothing was found. */
    HEALTHY(0),
    /** Something needs a look. */
    WARNING(1),
    /** Threads wait for each other for ever. */
    DEADLOCK(2);

    private final int exitCode;

    Severity(int exitCode) {
        this.exitCode = exitCode;
    }

    /**
     * What the command ends with.
     *
     * @return 0, 1 or 2
     */
    public int exitCode() {
        return exitCode;
    }

    /**
     * How bad the worst of some findings is.
     *
     * @param findings any number
     * @return its severity; healthy if there are none
     */
    public static Severity ofWorst(Collection<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.kind().severity())
                .max(Comparator.naturalOrder())
                .orElse(HEALTHY);
    }
}
