package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.core.codec.Codec;
import dev.procession.process.ChildProcess;
import dev.procession.shm.SharedLock;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs as users start them: on the class path and on the module path, in folders with a space, with agents and debug
 * options. Each starts a child that has a child, so that what is inherited is inherited twice.
 */
class ChildJvmTest {
    private static final String PROGRAM = """
            package kitchen;

            import dev.procession.process.ChildProcess;
            import dev.procession.process.Processes;
            import dev.procession.shm.SharedLock;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    SharedLock lock = SharedLock.create();
                    tell();
                    ChildProcess.start(() -> {
                        lock.lock();
                        tell();
                        lock.unlock();
                        ChildProcess.start(Main::tell).joinOrThrow();
                    }).joinOrThrow();
                    lock.close();
                }

                private static void tell() {
                    System.out.println(Processes.current().name() + " in module " + Main.class.getModule().getName() + " dish=" + System.getProperty("dish"));
                }
            }
            """;

    @TempDir
    static Path folder;

    private static Path classes;
    private static Path module;
    private static List<Path> library;

    @BeforeAll
    static void compile() throws IOException {
        Path home = Files.createDirectory(folder.resolve("with a space"));
        library = Stream.of(Codec.class, SharedLock.class, ChildProcess.class)
                .map(type -> copyOf(
                        locationOf(type),
                        home.resolve(type.getSimpleName()
                                + (Files.isDirectory(locationOf(type)) ? " classes" : " library.jar"))))
                .toList();
        Path sources = Files.createDirectory(folder.resolve("src"));
        Path main = Files.writeString(sources.resolve("Main.java"), PROGRAM);
        Path descriptor = Files.writeString(
                sources.resolve("module-info.java"),
                "module kitchen { requires dev.procession.process; requires dev.procession.shm; }");
        classes = home.resolve("kitchen classes");
        module = home.resolve("kitchen module");
        javac("-d", classes.toString(), "-cp", path(library), main.toString());
        javac("-d", module.toString(), "--module-path", path(library), main.toString(), descriptor.toString());
    }

    private static void javac(String... arguments) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        List<String> options = List.of(arguments).stream()
                .filter(argument -> !argument.endsWith(".java"))
                .toList();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> sources = List.of(arguments).stream()
                    .filter(argument -> argument.endsWith(".java"))
                    .toList();
            assertThat(compiler.getTask(said, files, null, options, null, files.getJavaFileObjectsFromStrings(sources))
                            .call())
                    .as(said.toString())
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void classPathWithASpaceIsInherited() throws Exception {
        assertThat(run(Map.of(), "-cp", path(library, classes), "kitchen.Main"))
                .containsExactly(
                        "MainProcess in module null dish=soup",
                        "[Process-1] Process-1 in module null dish=soup",
                        "[Process-1] [Process-1:1] Process-1:1 in module null dish=soup");
    }

    @Test
    void modulePathIsInherited() throws Exception {
        assertThat(run(Map.of(), "--module-path", path(library, module), "-m", "kitchen/kitchen.Main"))
                .containsExactly(
                        "MainProcess in module kitchen dish=soup",
                        "[Process-1] Process-1 in module kitchen dish=soup",
                        "[Process-1] [Process-1:1] Process-1:1 in module kitchen dish=soup");
    }

    @Test
    void modularProgramWithTheLibraryOnItsClassPathIsInherited() throws Exception {
        Path jar = Files.createDirectories(folder.resolve("patched"));
        assertThat(run(
                        Map.of(),
                        "--module-path",
                        path(library),
                        "--add-modules=dev.procession.process,dev.procession.shm",
                        "-cp",
                        path(List.of(jar), classes),
                        "kitchen.Main"))
                .hasSize(3)
                .last()
                .asString()
                .startsWith("[Process-1] [Process-1:1] Process-1:1 in module null");
    }

    /** A child with the parent's debug port would not start at all: the port is taken. */
    @Test
    void debugPortIsNotInheritedWhetherByOptionOrByEnvironment() throws Exception {
        assertThat(run(
                        Map.of(),
                        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
                        "-cp",
                        path(library, classes),
                        "kitchen.Main"))
                .filteredOn(line -> line.contains("Listening for transport"))
                .hasSize(1);
        assertThat(run(
                        Map.of(
                                "JAVA_TOOL_OPTIONS",
                                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0 -Dspice=salt"),
                        "-cp",
                        path(library, classes),
                        "kitchen.Main"))
                .filteredOn(line -> line.contains("Listening for transport") || line.contains("Picked up"))
                .hasSize(2);
    }

    @Test
    void managementPortIsNotInherited() throws Exception {
        assertThat(run(
                        Map.of(),
                        "-Dcom.sun.management.jmxremote.port=0",
                        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                        "-Dcom.sun.management.jmxremote.authenticate=false",
                        "-Dcom.sun.management.jmxremote.ssl=false",
                        "-cp",
                        path(library, classes),
                        "kitchen.Main"))
                .hasSize(3);
    }

    @Test
    void otherAgentsAreInherited() throws Exception {
        Path sources = Files.createDirectory(folder.resolve("agent src"));
        Path source = Files.writeString(
                sources.resolve("Agent.java"),
                "public class Agent { public static void premain(String a) { System.setProperty(\"dish\", a); } }");
        javac("-d", sources.toString(), source.toString());
        Path jar = folder.resolve("agent.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", "Agent");
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("Agent.class"));
            Files.copy(sources.resolve("Agent.class"), out);
        }

        assertThat(run(Map.of(), "-javaagent:" + jar + "=rice", "-cp", path(library, classes), "kitchen.Main"))
                .hasSize(3)
                .allMatch(line -> line.endsWith("dish=rice"));
    }

    /** Runs a JVM to its end, which must be good, and gives the lines it wrote. */
    private static List<String> run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access="
                + (List.of(arguments).contains("--module-path") ? "dev.procession.shm" : "ALL-UNNAMED"));
        command.add("-Ddish=soup");
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output", ".txt");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        return Files.readAllLines(output);
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A copy, a jar as well as a folder. */
    private static Path copyOf(Path original, Path copy) {
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(original.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    private static String path(List<Path> entries, Path... more) {
        return Stream.concat(entries.stream(), Stream.of(more))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
