import org.jspecify.annotations.NullMarked;

/** Contract suites: one abstract JUnit class per interface; a backend proves itself with a subclass of a dozen lines. */
@NullMarked
module dev.procession.conformance {
    requires transitive dev.procession.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.assertj.core;
    requires java.logging;
    requires static org.jspecify;

    exports dev.procession.conformance;
}
