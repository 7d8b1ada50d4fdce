package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.SerializableAction;
import dev.procession.core.codec.Codec;
import dev.procession.shm.SharedLock;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children of programs whose classes are on no class path: source files run as they are, JShell, other class loaders. */
@ExtendWith(NothingLeft.class)
class CodeByBytesTest {
    private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

    @TempDir
    Path folder;

    /** All that the library needs, and nothing of the tests. */
    private static String library() {
        return Stream.of(Codec.class, SharedLock.class, ChildProcess.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(CodeByBytesTest::pathOf)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String pathOf(URL location) {
        try {
            return Path.of(location.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static final String KITCHEN = """
            import dev.procession.core.SerializableAction;
            import dev.procession.process.*;
            import dev.procession.shm.SharedQueue;
            import java.io.Serializable;
            import java.util.function.UnaryOperator;

            record Dish(String name, int price) implements Serializable {}

            enum Spice { SALT, SUGAR }

            static class Cook implements SerializableAction {
                private final Dish dish;
                private final SharedQueue<String> ready;

                Cook(Dish dish, SharedQueue<String> ready) {
                    this.dish = dish;
                    this.ready = ready;
                }

                @Override
                public void run() throws Exception {
                    UnaryOperator<String> loud = new UnaryOperator<>() {
                        @Override
                        public String apply(String text) {
                            return text + "!";
                        }
                    };
                    ready.put(loud.apply(dish.name()));
                }
            }

            static class BurntException extends RuntimeException {
                BurntException(Dish dish) {
                    super("burnt: " + dish);
                }
            }

            static String shout(String text) {
                return text.toUpperCase();
            }

            void main() throws Exception {
                try (SharedQueue<String> ready = SharedQueue.create(4); SharedQueue<Dish> menu = SharedQueue.create(4)) {
                    var soup = new Dish("soup", 7);
                    Spice spice = Spice.SUGAR;
                    ChildProcess.start(() -> ready.put(shout(soup.name()) + " with " + spice)).joinOrThrow();
                    IO.println(ready.take());

                    ChildProcess.start(new Cook(new Dish("rice", 2), ready)).joinOrThrow();
                    IO.println(ready.take());

                    ChildProcess.start(() -> menu.put(new Dish("tea", 1))).joinOrThrow();
                    IO.println(menu.take());

                    ChildProcess.start(() -> {
                        var inner = new Dish("dumplings", 9);
                        ChildProcess.start(() -> ready.put("grandchild cooks " + inner)).joinOrThrow();
                    }).joinOrThrow();
                    IO.println(ready.take());

                    var burnt = ChildProcess.builder().stderr(Output.discarded()).start(() -> {
                        throw new BurntException(soup);
                    });
                    burnt.join();
                    Throwable cause = burnt.failure().orElseThrow().getCause();
                    IO.println((cause instanceof BurntException) + " " + cause.getMessage());
                }
            }
            """;

    private static final List<String> COOKED = List.of(
            "SOUP with SUGAR",
            "rice!",
            "Dish[name=tea, price=1]",
            "grandchild cooks Dish[name=dumplings, price=9]",
            "true burnt: Dish[name=soup, price=7]");

    @ParameterizedTest
    @ValueSource(strings = {"native", "portable"})
    void programInASourceFileHasChildren(String spawn) throws Exception {
        Path source = Files.writeString(folder.resolve("Kitchen.java"), KITCHEN);

        assertThat(java("-Dprocession.spawn=" + spawn, "-cp", library(), source.toString()))
                .containsExactlyElementsOf(COOKED);
    }

    /** The JDK compiles the second file when its class is first loaded, which may be in a child first. */
    @Test
    void programOfSeveralSourceFilesHasChildren() throws Exception {
        Files.writeString(folder.resolve("Recipe.java"), """
                public class Recipe {
                    public static String of(String dish) {
                        return Step.FIRST + " for " + dish;
                    }
                }
                """);
        Files.writeString(folder.resolve("Step.java"), """
                public class Step {
                    public static final String FIRST = "boil water".strip();
                }
                """);
        Path main = Files.writeString(folder.resolve("Main.java"), """
                import dev.procession.process.*;

                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        ChildProcess child = ChildProcess.builder()
                                .stdout(Output.captured())
                                .start(() -> System.out.print(Recipe.of("tea")));
                        child.joinOrThrow();
                        System.out.println(child.stdout());
                    }
                }
                """);

        assertThat(java("-cp", library(), main.toString())).containsExactly("boil water for tea");
    }

    @Test
    void jshellHasChildrenWithItsClassesMethodsAndVariables() throws Exception {
        assertThat(jshell("""
                        import dev.procession.process.*;
                        import dev.procession.shm.*;
                        record Dish(String name) implements java.io.Serializable {}
                        String shout(String text) { return text.toUpperCase(); }
                        var ready = SharedQueue.<String>create(4);
                        Dish soup = new Dish("soup");
                        int price = 7;
                        var stays = new Object();
                        ChildProcess.start(() -> ready.put(shout(soup.name()) + " for " + price + ", " + stays)).joinOrThrow();
                        System.out.println(ready.take());
                        price = 8;
                        ChildProcess.start(() -> { Dish mine = new Dish("rice"); ChildProcess.start(() -> ready.put(mine + " for " + price)).joinOrThrow(); }).joinOrThrow();
                        System.out.println(ready.take());
                        ready.close();
                        /exit
                        """))
                .anyMatch(line -> line.endsWith("SOUP for 7, null"))
                .anyMatch(line -> line.endsWith("Dish[name=rice] for 8"));
    }

    /** A class loader of one's own, as containers have. */
    @Test
    void classesOfAnotherLoaderAreFetched() throws Exception {
        Path source = Files.writeString(folder.resolve("Guest.java"), """
                public class Guest implements dev.procession.core.SerializableAction {
                    private final String name;
                    public Guest(String name) { this.name = name; }
                    public void run() {
                        System.out.print(new Order(name) + " " + getClass().getClassLoader().getName() + " "
                            + (Thread.currentThread().getContextClassLoader() == getClass().getClassLoader()));
                    }
                    record Order(String by) {}
                }
                """);
        compile(source);
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            var guest = (SerializableAction)
                    loader.loadClass("Guest").getConstructor(String.class).newInstance("Lin");

            ChildProcess child =
                    ChildProcess.builder().stdout(Output.captured()).start(guest);
            child.joinOrThrow();

            assertThat(child.stdout()).isEqualTo("Order[by=Lin] fetched true");
        }
    }

    @Test
    void classThatTheParentDoesNotHaveEitherIsNamed() throws Exception {
        Path source = Files.writeString(folder.resolve("Guest.java"), """
                public class Guest implements dev.procession.core.SerializableAction {
                    public void run() throws Exception {
                        Thread.currentThread().interrupt(); // which must not break the line to the parent
                        try {
                            Class.forName("no.such.Dish", true, getClass().getClassLoader());
                        } catch (ClassNotFoundException e) {
                            System.out.print(e.getMessage() + ", interrupted=" + Thread.interrupted());
                        }
                    }
                }
                """);
        compile(source);
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            var guest = (SerializableAction)
                    loader.loadClass("Guest").getConstructor().newInstance();

            ChildProcess child =
                    ChildProcess.builder().stdout(Output.captured()).start(guest);
            child.joinOrThrow();

            assertThat(child.stdout())
                    .isEqualTo("neither on the class path nor known to the parent process: class=no.such.Dish,"
                            + " interrupted=true");
        }
    }

    @Test
    void onlyClassesAreGivenAway() throws Exception {
        Files.writeString(folder.resolve("secret.txt"), "recipe");
        Files.writeString(folder.resolve("secret.class"), "recipe");
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            var source = new ClassSource(loader);

            assertThat(source.find("secret"))
                    .extracting(TravellingClass::file)
                    .as("whatever is in the class file")
                    .isEqualTo(Files.readAllBytes(folder.resolve("secret.class")));
            assertThat(source.find("secret.txt")).isNull();
            assertThat(source.find("../" + folder.getFileName() + "/secret")).isNull();
            assertThat(source.find("/secret")).isNull();
            assertThat(source.find("")).isNull();
        }
    }

    @Test
    void sourcesAreNeededOnlyForLoadersThatTheClassPathDoesNotReach() throws Exception {
        assertThat(ClassSource.of("a string of the JDK")).isEmpty();
        assertThat(ClassSource.of(this)).isEmpty();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[0], before)) {
            Thread.currentThread().setContextClassLoader(loader);
            assertThat(ClassSource.of(this)).hasValue(new ClassSource(loader));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void parentThatIsGoneEndsTheWaitForAClass() {
        var ended = new ControlChannel(java.io.InputStream.nullInputStream(), java.io.OutputStream.nullOutputStream());
        var classes = new FetchedClasses(
                getClass().getClassLoader(), new ClassQuestions(ended, () -> ended.receive(Integer.MAX_VALUE)));

        assertThatThrownBy(() -> classes.loadClass("Dish"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessage("cannot ask the parent process for it: class=Dish")
                .hasRootCauseMessage("the parent is gone");
        assertThat(classes.getResourceAsStream("Dish.class")).isNull();
    }

    private void compile(Path source) {
        int exitCode = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, "-cp", library(), "-d", folder.toString(), source.toString());
        assertThat(exitCode).isZero();
    }

    private List<String> java(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(JDK.resolve("java").toString(), "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of(arguments));
        try (ParentProgram program = ParentProgram.of(command)) {
            int exitCode = program.awaitExit();
            assertThat(exitCode).as(program.output()).isZero();
            return program.output().lines().toList();
        }
    }

    private List<String> jshell(String input) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("input.jsh"), input);
        Path output = folder.resolve("output.txt");
        Process jshell = new ProcessBuilder(
                        JDK.resolve("jshell").toString(),
                        "-s",
                        "-R--enable-native-access=ALL-UNNAMED",
                        "-J-Djava.util.prefs.userRoot=" + folder,
                        "--class-path",
                        library())
                .redirectInput(script.toFile())
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(jshell.waitFor(100, java.util.concurrent.TimeUnit.SECONDS))
                    .as("jshell ends: " + Files.readString(output))
                    .isTrue();
        } finally {
            jshell.destroyForcibly();
        }
        return Files.readAllLines(output);
    }
}
