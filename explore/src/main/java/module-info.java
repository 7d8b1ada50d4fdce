import org.jspecify.annotations.NullMarked;

/** Every interleaving of a small program: races and deadlocks found, or proved absent. */
@NullMarked
module dev.procession.explore {
    requires transitive dev.procession.core;
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.commons;
    requires static org.jspecify;

    exports dev.procession.explore;
    exports dev.procession.explore.junit;
}
