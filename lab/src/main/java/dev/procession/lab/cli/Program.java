package dev.procession.lab.cli;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.util.JavacTask;
import dev.procession.lab.experiment.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The reader's own program of one file (and what it uses beside it), compiled into a folder that was on the class path
 * from the start.
 *
 * <p>That is what sets it apart from {@code java FILE.java}, which keeps classes in memory: here child JVMs, which inherit
 * the class path, find the program's classes and lambdas.
 *
 * <p>Source: JEP 330, 458 and 512 say which class and which main is run.
 */
final class Program {
    /** The system property in which the launcher tells the folder; {@link Main} removes it at the end. */
    static final String CLASSES_FOLDER = "procession.run.classes";

    private final Class<?> type;
    private final Method main;
    private final String[] arguments;

    private Program(Class<?> type, Method main, List<String> arguments) {
        this.type = type;
        this.main = main;
        this.arguments = arguments.toArray(String[]::new);
    }

    /**
     * Compiles.
     *
     * @return the program, or null if it does not compile or has no main; {@code err} says why
     * @throws UsageException if there is no such file
     */
    static @Nullable Program compile(Path file, List<String> arguments, PrintStream err) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException(file + ": no such file; expected the source of a Java program");
        }
        Path classes = classesFolder();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Source source = Source.parse(compiler, files, file);
            List<String> options = List.of(
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-sourcepath",
                    source.root.toString(),
                    "-proc:none");
            boolean compiled = compiler.getTask(
                            new PrintWriter(err, true, err.charset()),
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjects(file))
                    .call();
            return compiled ? load(source.mainClass, arguments, err) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Program load(String mainClass, List<String> arguments, PrintStream err) {
        try {
            Class<?> type = Class.forName(mainClass, /* initialize= */ false, ClassLoader.getSystemClassLoader());
            Optional<Method> main = findMain(type);
            if (main.isPresent()) {
                return new Program(type, main.get(), arguments);
            }
            err.println("procession: can't find main(String[]) or main() method in class: " + mainClass);
        } catch (ClassNotFoundException e) {
            err.println("procession: no class declared in the file");
        }
        return null;
    }

    /** The folder the launcher put at the end of the class path. */
    private static Path classesFolder() {
        String folder = System.getProperty(CLASSES_FOLDER);
        if (folder == null) {
            throw new UsageException("run works through the launcher alone: ./procession run FILE.java");
        }
        return Path.of(folder);
    }

    /** What must be known of the file before it is compiled: its main class and the folder its packages begin in. */
    private record Source(String mainClass, Path root) {
        static Source parse(JavaCompiler compiler, StandardJavaFileManager files, Path file) throws IOException {
            JavacTask task = (JavacTask) compiler.getTask(
                    PrintWriter.nullWriter(),
                    files,
                    _ -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjects(file));
            CompilationUnitTree unit = task.parse().iterator().next();
            ExpressionTree packageName = unit.getPackageName();
            String prefix = packageName == null ? "" : packageName + ".";
            String mainClass = unit.getTypeDecls().stream()
                    .filter(ClassTree.class::isInstance)
                    .map(type -> prefix + ((ClassTree) type).getSimpleName())
                    .findFirst()
                    .orElse("");
            return new Source(mainClass, rootOf(file, prefix));
        }

        /** The folder that holds the file's outermost package, or the file's own where folders and packages differ. */
        private static Path rootOf(Path file, String prefix) throws IOException {
            Path folder = file.toRealPath().resolveSibling("");
            Path packages = Path.of(prefix.replace('.', '/'));
            if (prefix.isEmpty() || !folder.endsWith(packages)) {
                return folder;
            }
            return folder.resolve("../".repeat(packages.getNameCount())).normalize();
        }
    }

    /**
     * Runs the program's main in this thread.
     *
     * @throws Throwable what main threw, without our own frames at the end of its stack
     */
    void run() throws Throwable {
        main.setAccessible(true);
        try {
            Object instance = Modifier.isStatic(main.getModifiers()) ? null : newInstance(type);
            main.invoke(instance, main.getParameterCount() == 0 ? new Object[0] : new Object[] {arguments});
        } catch (InvocationTargetException e) {
            throw withoutOurFrames(e.getTargetException());
        }
    }

    /** A main that takes arguments goes before one that does not; it may be inherited, and need not be static. */
    private static Optional<Method> findMain(Class<?> type) {
        return declared(type, String[].class).or(() -> declared(type));
    }

    private static Optional<Method> declared(Class<?> type, Class<?>... parameters) {
        return Stream.<Class<?>>iterate(type, each -> each != null, Class::getSuperclass)
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(method -> method.getName().equals("main") && method.getReturnType() == void.class)
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .filter(method -> Arrays.equals(method.getParameterTypes(), parameters))
                .findFirst();
    }

    private static Object newInstance(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static Throwable withoutOurFrames(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        int end = stack.length;
        while (end > 0 && isOurs(stack[end - 1])) {
            end--;
        }
        thrown.setStackTrace(Arrays.copyOf(stack, end));
        return thrown;
    }

    private static boolean isOurs(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("dev.procession.lab.cli.")
                || type.startsWith("java.lang.reflect.")
                || type.startsWith("jdk.internal.reflect.")
                || type.startsWith("java.lang.invoke.");
    }
}
