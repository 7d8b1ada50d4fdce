package dev.procession.integration;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A copy of the launcher in a folder of its own whose path has a space, with a build already published (made of this
 * test's own class path, so no Maven runs) or with a stand-in for Maven that counts how often it is called.
 */
final class Checkout {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final String TEST_LIBRARIES =
            ".*/(procession-conformance|junit|opentest4j|assertj|byte-buddy|archunit|slf4j|apiguardian|jspecify|jqwik|surefire)[^/]*";
    private static final List<String> TOOLS = List.of(
            "sh",
            "readlink",
            "find",
            "head",
            "tail",
            "mktemp",
            "stty",
            "tr",
            "sed",
            "sort",
            "flock",
            "mkdir",
            "date",
            "cp",
            "mv",
            "rm",
            "grep",
            "cat",
            "dirname",
            "ls",
            "sleep");

    private final Path base;
    private final Path root;

    private Checkout(Path base) throws IOException {
        this.base = base;
        this.root = Files.createDirectories(base.resolve("a folder").resolve("check out"));
        copy("procession");
        copy("mvnw");
        copy(".mvn/find-jdk.sh");
        write("pom.xml", "");
        write("lab/src/main/A.java", "");
        makeOld(root);
    }

    /** One that is built already. */
    static Checkout built(Path base) throws IOException {
        Checkout checkout = new Checkout(base);
        Path build = checkout.root.resolve(".procession/build-1-1");
        checkout.pack(Files.createDirectories(build.resolve("lib")));
        Path started = checkout.write(".procession/build-1-1/started", "");
        Files.setLastModifiedTime(started, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        checkout.write(".procession/current", "build-1-1\n");
        return checkout;
    }

    /** One that is not, with a build script in the place of Maven that runs these lines of shell. */
    static Checkout unbuilt(Path base, String mvnw) throws IOException {
        Checkout checkout = new Checkout(base);
        Path jars = Files.createDirectories(base.resolve("jars"));
        checkout.pack(jars);
        checkout.write("mvnw", "#!/bin/sh\nroot='" + checkout.root + "'\njars='" + jars + "'\n" + mvnw);
        return checkout;
    }

    Path root() {
        return root;
    }

    Path launcher() {
        return root.resolve("procession");
    }

    Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    /** A folder with the tools of a plain system and no Java. */
    Path toolsWithoutJava() throws IOException {
        Path tools = Files.createDirectories(base.resolve("tools"));
        for (String tool : TOOLS) {
            for (String folder : List.of("/usr/bin", "/bin")) {
                Path there = Path.of(folder, tool);
                if (Files.exists(there) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), there);
                }
            }
        }
        return tools;
    }

    /** Lets any user read all of it, and write none of it. */
    void openToAll() throws IOException {
        try (Stream<Path> all = Files.walk(base)) {
            for (Path each : all.filter(each -> !Files.isSymbolicLink(each)).toList()) {
                boolean executable = Files.isDirectory(each) || Files.isExecutable(each);
                Files.setPosixFilePermissions(
                        each, PosixFilePermissions.fromString(executable ? "r-xr-xr-x" : "r--r--r--"));
            }
        }
    }

    /** The reverse for the owner, so that the folder can be removed. */
    void closeAgain() throws IOException {
        try (Stream<Path> all = Files.walk(base)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    /** What came of a command. */
    record Ran(int exitCode, String out, String err) {}

    /** Runs the launcher with these arguments. */
    Ran run(String... arguments) throws IOException, InterruptedException {
        return command(arguments).run();
    }

    Command command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(launcher().toString()));
        words.addAll(List.of(arguments));
        return new Command(words);
    }

    /** A command that is about to be run. */
    final class Command {
        private final List<String> words;
        private final Map<String, String> environment = new HashMap<>();
        private Path folder = base;

        private Command(List<String> words) {
            this.words = words;
        }

        /** Sets a variable of its environment; the empty text unsets it. */
        Command with(String variable, Object value) {
            environment.put(variable, value.toString());
            return this;
        }

        Command in(Path workingDirectory) {
            folder = workingDirectory;
            return this;
        }

        /** Calls the launcher by another path. */
        Command by(String launcher) {
            words.set(0, launcher);
            return this;
        }

        Command behind(List<String> prefix) {
            words.addAll(0, prefix);
            return this;
        }

        Ran run() throws IOException, InterruptedException {
            return await(start());
        }

        Started start() throws IOException {
            Path out = Files.createTempFile("launcher", ".out");
            Path err = Files.createTempFile("launcher", ".err");
            ProcessBuilder builder = new ProcessBuilder(words)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            environment.forEach((variable, value) -> {
                if (value.isEmpty()) {
                    builder.environment().remove(variable);
                } else {
                    builder.environment().put(variable, value);
                }
            });
            return new Started(builder.start(), out, err);
        }
    }

    /** A command that runs. */
    record Started(Process process, Path out, Path err) {}

    Ran await(Started started) throws IOException, InterruptedException {
        Process process = started.process;
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still runs after " + PATIENCE);
            }
            return new Ran(process.exitValue(), Files.readString(started.out), Files.readString(started.err));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(started.out);
            Files.delete(started.err);
        }
    }

    private void copy(String name) throws IOException {
        Path target = root.resolve(name);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.copy(REPOSITORY.resolve(name), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void makeOld(Path folder) throws IOException {
        FileTime lastYear = FileTime.from(Instant.now().minus(Duration.ofDays(365)));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                Files.setLastModifiedTime(each, lastYear);
            }
        }
    }

    /** Puts what the lab needs of this test's class path into a folder, as jars. */
    private void pack(Path lib) throws IOException {
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            number++;
            if (Files.isDirectory(path)) {
                if (!entry.matches(".*/(conformance/target/classes|target/test-classes)/?")) {
                    zip(path, lib.resolve("module-" + number + ".jar"));
                }
            } else if (Files.exists(path) && !entry.matches(TEST_LIBRARIES)) {
                Files.copy(path, lib.resolve(Objects.requireNonNull(path.getFileName())));
            }
        }
    }

    private static void zip(Path folder, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file);
                Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(each).toString()));
                Files.copy(each, zip);
            }
        }
    }
}
