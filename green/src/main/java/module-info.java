import org.jspecify.annotations.NullMarked;

/**
 * Coroutines: greenlets, green tasks, an event loop and its scopes, on the stock JDK. Plain blocking Java code suspends
 * only the task that runs it.
 */
@NullMarked
module dev.procession.green {
    requires transitive dev.procession.core;
    requires jdk.unsupported; // one class of it, sun.reflect.ReflectionFactory, in the engine
    requires static org.jspecify;

    exports dev.procession.green;
}
