package dev.procession.core.spi;

import java.util.Objects;

/**
 * What this process is called where others see it: in what is said of the memory it shares. Whoever starts processes and
 * names them says so here, first of all; otherwise it is the program's main class, or {@code java}.
 *
 * <p>Thread-safe.
 */
public final class ProcessName {
    private static volatile String name = program();

    private ProcessName() {}

    /** The main class without its package; arguments may be secret. */
    private static String program() {
        String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        String simple = command.substring(command.lastIndexOf(command.endsWith(".jar") ? '/' : '.') + 1);
        return simple.isEmpty() ? "java" : simple;
    }

    /**
     * The name.
     *
     * @return what the process is called
     */
    public static String get() {
        return name;
    }

    /**
     * Names this process.
     *
     * @param name what it is called from now on; those who have been told before do not hear of it
     */
    public static void set(String name) {
        ProcessName.name = Objects.requireNonNull(name, "name");
    }
}
