package dev.procession.green.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;

/**
 * The doors into the JDK that the upper rungs need: its one-shot continuations, virtual threads on a scheduler of ours,
 * and the bindings of scoped values. Loading this class opens them, and fails with an {@link ExceptionInInitializerError}
 * where this JDK has none of them or keeps them shut.
 *
 * <p>The handles are constants, so that a call through one costs no more than a plain call.
 */
final class Internals {
    private static final Lookup DOOR = Door.trusted();
    private static final Class<?> CONTINUATION = type("jdk.internal.vm.Continuation");
    private static final Class<?> SCOPE_TYPE = type("jdk.internal.vm.ContinuationScope");

    /** What a thread's bindings are before anything was bound in it. */
    static final Object NO_BINDINGS = Thread.class;

    private static final Object SCOPE;
    private static final MethodHandle NEW_CONTINUATION;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;
    private static final MethodHandle RUN_WITH;
    private static final MethodHandle NEW_BUILDER;
    private static final VarHandle BINDINGS;
    private static final Executor DEFAULT_SCHEDULER;

    static {
        try {
            SCOPE = DOOR.findConstructor(SCOPE_TYPE, MethodType.methodType(void.class, String.class))
                    .invoke("procession");
            NEW_CONTINUATION = DOOR.findConstructor(
                            CONTINUATION, MethodType.methodType(void.class, SCOPE_TYPE, Runnable.class))
                    .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
            RUN = DOOR.findVirtual(CONTINUATION, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            YIELD = DOOR.findStatic(CONTINUATION, "yield", MethodType.methodType(boolean.class, SCOPE_TYPE))
                    .asType(MethodType.methodType(boolean.class, Object.class));
            RUN_WITH = DOOR.findVirtual(
                    Thread.class, "runWith", MethodType.methodType(void.class, Object.class, Runnable.class));
            BINDINGS = DOOR.findVarHandle(Thread.class, "scopedValueBindings", Object.class);
            NEW_BUILDER = DOOR.findConstructor(
                            type("java.lang.ThreadBuilders$VirtualThreadBuilder"),
                            MethodType.methodType(void.class, Executor.class))
                    .asType(MethodType.methodType(Thread.Builder.OfVirtual.class, Executor.class));
            DEFAULT_SCHEDULER = (Executor) DOOR.findStatic(
                            type("java.lang.VirtualThread"), "defaultScheduler", MethodType.methodType(Executor.class))
                    .invoke();
        } catch (Throwable shut) {
            throw new ExceptionInInitializerError(shut);
        }
    }

    private Internals() {}

    static Object newContinuation(Runnable body) {
        try {
            return (Object) NEW_CONTINUATION.invokeExact(SCOPE, body);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** Runs a continuation until it yields or ends. What its body throws comes out here. */
    static void run(Object continuation) {
        try {
            RUN.invokeExact(continuation);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /**
     * Suspends the continuation that runs.
     *
     * @throws IllegalStateException if a native frame or a class initializer on its stack holds it
     */
    static void yieldContinuation() {
        try {
            boolean _ = (boolean) YIELD.invokeExact(SCOPE);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** Runs an action in a frame where the JDK looks for scoped values when it walks the stack. */
    static void runWith(Object bindings, Runnable action) {
        try {
            RUN_WITH.invokeExact(Thread.currentThread(), bindings, action);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    static Object bindings(Thread thread) {
        return BINDINGS.get(thread);
    }

    static void setBindings(Thread thread, Object bindings) {
        BINDINGS.set(thread, bindings);
    }

    static Thread.Builder.OfVirtual virtualThreads(Executor scheduler) {
        try {
            return (Thread.Builder.OfVirtual) NEW_BUILDER.invokeExact(scheduler);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** The scheduler of all virtual threads that were given none. */
    static Executor defaultScheduler() {
        return DEFAULT_SCHEDULER;
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException gone) {
            throw new ExceptionInInitializerError(gone);
        }
    }

    /** The handles declare no checked exception, and what is unchecked goes on as it is. */
    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        throw new AssertionError(thrown);
    }
}
