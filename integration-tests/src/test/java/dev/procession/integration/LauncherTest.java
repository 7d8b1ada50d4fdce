package dev.procession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.integration.Checkout.Ran;
import dev.procession.integration.Checkout.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, run by the system's own shell from a folder whose path has a space. */
class LauncherTest {
    @TempDir
    private Path base;

    @BeforeEach
    void letOthersIn() throws IOException {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    // ---- where it is called from, and what with ----

    @Test
    void theLabIsListedFromAnyFolderAndThroughLinks() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path link = Files.createSymbolicLink(base.resolve("link to it"), checkout.launcher());
        Path onPath = Files.createDirectories(base.resolve("bin"));
        Files.createSymbolicLink(onPath.resolve("procession"), link);

        String list = checkout.run("lab", "list").out();
        assertThat(list).contains(" ticket-lock ").doesNotContain("\u001b");
        assertThat(checkout.command("lab", "list").in(Path.of("/")).run().out()).isEqualTo(list);
        assertThat(checkout.command("lab", "list")
                        .by("./procession")
                        .in(checkout.root())
                        .run()
                        .out())
                .isEqualTo(list);
        assertThat(checkout.command("lab", "list").by(link.toString()).run().out())
                .isEqualTo(list);
        Ran throughThePath = checkout.command("-c", "procession lab list")
                .by("sh")
                .with("PATH", onPath + ":" + System.getenv("PATH"))
                .run();
        assertThat(throughThePath.out()).as(throughThePath.err()).isEqualTo(list);
    }

    @Test
    void usageErrorsExitWith64AndHelpWithZero() throws Exception {
        Checkout checkout = Checkout.built(base);

        assertThat(checkout.run().exitCode()).isEqualTo(64);
        assertThat(checkout.run("lba"))
                .isEqualTo(new Ran(
                        64, "", "procession: unknown command lba. Did you mean lab? (see: procession --help)\n"));
        assertThat(checkout.run("lab", "run", "ticket-lok").err()).contains("Did you mean ticket-lock?");
        Ran help = checkout.run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("  lab ", "  run ", "  classpath ", "  bench ");
    }

    @Test
    void theMainJobRunsOnTheReadersFileAndPrintsOneLineOfJson() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path file = Files.writeString(base.resolve("my tickets.json"), "{\"show\": \"x\", \"count\": 2}");

        Ran ran = checkout.run(
                "lab",
                "run",
                "ticket-lock",
                "--json",
                "--file",
                file.toString(),
                "--buyers",
                "3",
                "--runs",
                "1",
                "--check-delay",
                "1",
                "--buy-delay",
                "1");

        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        assertThat(ran.out().lines()).hasSize(1);
        assertThat(ran.out())
                .contains("\"id\":\"ticket-lock\"", "\"verdict\":\"SHOWN\"", "\"tickets\":2", "\"sold\":2");
        assertThat(file).hasContent("{\"show\": \"x\", \"count\": 0}");
    }

    // ---- the JDK ----

    @Test
    void withoutAnyJavaItSaysWhereItLookedAndHowToGetOne() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path empty = Files.createDirectories(base.resolve("no jdks"));

        Ran ran = checkout.command("lab", "list")
                .with("JAVA_HOME", "")
                .with("PROCESSION_JDKS", empty)
                .with("PATH", checkout.toolsWithoutJava())
                .with("HOME", empty)
                .run();

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("procession: no JDK 25 or newer was found.")
                .contains("JAVA_HOME=(not set)", "java on the PATH: (none)", empty.toString())
                .contains("apt-get install", "sdk install java");
    }

    @Test
    void javasThatAreNoUseAreNamedWithTheReason() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path homes = base.resolve("old jdks");
        fakeJava(homes.resolve("jdk-17"), "17.0.9", "java", "javac");
        fakeJava(homes.resolve("jre-25"), "25.0.1", "java");

        Ran ran = checkout.command("lab", "list")
                .with("JAVA_HOME", homes.resolve("jdk-17"))
                .with("PROCESSION_JDKS", homes)
                .with("PATH", checkout.toolsWithoutJava())
                .run();

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err())
                .contains(homes.resolve("jdk-17") + " (Java 17: too old)")
                .contains(homes.resolve("jre-25") + " (Java 25, but without javac");
    }

    @Test
    void aJdkIsFoundInAFolderOfJdksThoughJavaOnThePathIsOlder() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path old = base.resolve("old");
        fakeJava(old, "17.0.9", "java", "javac");
        Path homes = Files.createDirectories(base.resolve("some jdks"));
        fakeJava(homes.resolve("a-21"), "21", "java", "javac");
        Files.createSymbolicLink(homes.resolve("b-25"), jdk());

        Ran ran = checkout.command("lab", "list")
                .with("JAVA_HOME", "")
                .with("PROCESSION_JDKS", base.resolve("missing") + ":" + homes)
                .with("PATH", old.resolve("bin") + ":" + checkout.toolsWithoutJava())
                .run();

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).contains(" ticket-lock ");
    }

    private static void fakeJava(Path home, String version, String... tools) throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        for (String tool : tools) {
            Path file = Files.writeString(bin.resolve(tool), "#!/bin/sh\necho 'a fake was started' >&2\nexit 99\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    // ---- the reader's own program ----

    @Test
    void aProgramRunsWithItsArgumentsUntouchedAndItsChildrenFindItsClasses() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path program = Files.writeString(base.resolve("My.java"), """
                import dev.procession.process.ChildProcess;

                record Greeting(String word) implements java.io.Serializable {}

                void main(String[] arguments) throws Exception {
                    System.out.println(java.util.List.of(arguments));
                    Greeting greeting = new Greeting("hello");
                    ChildProcess child = ChildProcess.start(() -> System.out.println(greeting + Beside.SUFFIX));
                    child.join();
                    System.exit(child.exitCode().getAsInt() + 5);
                }
                """);
        Files.writeString(
                base.resolve("Beside.java"), "class Beside { static final String SUFFIX = \" beside\".strip(); }");

        Ran ran = checkout.command("run", program.toString(), "a b", "--help", "@x", "*", "")
                .with("TMPDIR", Files.createDirectories(base.resolve("tmp dir")))
                .run();

        assertThat(ran.out()).as(ran.err()).isEqualTo("""
                [a b, --help, @x, *, ]
                [Process-1] Greeting[word=hello]beside
                """);
        assertThat(ran.exitCode()).isEqualTo(5);
        assertThat(base.resolve("tmp dir")).isEmptyDirectory();
    }

    @Test
    void aProgramInAPackageIsRunWithAStaticMainAndWhatItUses() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path folder = Files.createDirectories(base.resolve("src/org/example"));
        Path program = Files.writeString(folder.resolve("App.java"), """
                package org.example;

                public class App {
                    public static void main(String[] arguments) { System.out.println(new Other()); }
                }
                """);
        Files.writeString(folder.resolve("Other.java"), """
                package org.example;

                record Other() {}
                """);

        assertThat(checkout.run("run", program.toString()).out()).isEqualTo("Other[]\n");
    }

    @Test
    void anUncaughtExceptionShowsTheProgramsOwnStackAndExitsWithOne() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path program = Files.writeString(
                base.resolve("Boom.java"), "class Boom { void main() { throw new IllegalStateException(\"boom\"); } }");

        assertThat(checkout.run("run", program.toString())).isEqualTo(new Ran(1, "", """
                        Exception in thread "main" java.lang.IllegalStateException: boom
                        \tat Boom.main(Boom.java:1)
                        """));
    }

    @Test
    void aProgramThatDoesNotCompileShowsTheCompilersMessagesAndExitsWithOne() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path program = Files.writeString(base.resolve("Bad.java"), "class Bad {\n  int n = \"text\";\n}\n");

        Ran ran = checkout.command("run", program.toString())
                .with("TMPDIR", Files.createDirectories(base.resolve("tmp")))
                .run();

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .contains("Bad.java:2: error: incompatible types: String cannot be converted to int")
                .contains("1 error");
        assertThat(base.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void aProgramWithoutAMainIsRefused() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path program = Files.writeString(base.resolve("No.java"), "class No { private void main(String[] a) {} }");

        Ran ran = checkout.run("run", program.toString());
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).isEqualTo("procession: can't find main(String[]) or main() method in class: No\n");
    }

    @Test
    void theClassPathServesJavaItself() throws Exception {
        Checkout checkout = Checkout.built(base);
        Ran ran = checkout.run("classpath");
        assertThat(ran.out().lines()).hasSize(1);

        Path program = Files.writeString(base.resolve("Use.java"), """
                class Use {
                    public static void main(String[] a) { System.out.println(dev.procession.process.Processes.current().name()); }
                }
                """);
        Ran java = checkout.command("-cp", ran.out().strip(), program.toString())
                .by(jdk().resolve("bin/java").toString())
                .run();
        assertThat(java.out()).as(java.err()).isEqualTo("MainProcess\n");
    }

    // ---- building ----

    private static final String MAVEN = """
            echo x >>"$root/../calls"
            echo "$*" >"$root/../arguments"
            echo '[INFO] Building procession-lab 0.1.0 [1/1]'
            sleep 1
            mkdir -p "$root/lab/target/lib"
            cp "$jars"/*.jar "$root/lab/target/lib/"
            : >"$root/lab/target/procession-lab-0.jar"
            """;

    private static int calls(Checkout checkout) throws IOException {
        Path calls = checkout.root().resolveSibling("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    @Test
    void theFirstUseBuildsOnceAlsoWhenTwoStartAtATime() throws Exception {
        Checkout checkout = Checkout.unbuilt(base, MAVEN);

        List<Started> started = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            started.add(checkout.command("lab", "list").start());
        }
        List<Ran> ran = new ArrayList<>();
        for (Started each : started) {
            ran.add(checkout.await(each));
        }

        assertThat(ran).allSatisfy(each -> {
            assertThat(each.exitCode()).as(each.err()).isZero();
            assertThat(each.out()).contains(" ticket-lock ");
        });
        assertThat(ran).anySatisfy(each -> assertThat(each.err()).startsWith("procession: building (once"));
        assertThat(calls(checkout)).isEqualTo(1);
        assertThat(checkout.run("lab", "list").err())
                .as("the next start says nothing")
                .isEmpty();
        assertThat(calls(checkout)).isEqualTo(1);
    }

    @Test
    void itBuildsAgainWhenASourceIsNewerAndKeepsOneEarlierBuild() throws Exception {
        Checkout checkout = Checkout.unbuilt(base, MAVEN);
        for (int i = 1; i <= 3; i++) {
            checkout.write("lab/src/main/A.java", "// " + i);
            assertThat(checkout.run("lab", "list").exitCode()).isZero();
            assertThat(calls(checkout)).isEqualTo(i);
        }
        try (Stream<Path> builds = Files.list(checkout.root().resolve(".procession"))) {
            assertThat(builds.filter(each -> each.getFileName().toString().startsWith("build-")))
                    .hasSize(2);
        }
    }

    @Test
    void aBuildThatFailsShowsTheEndOfItsLogAndLeavesTheEarlierBuildInPlace() throws Exception {
        Checkout checkout = Checkout.built(base);
        checkout.write("mvnw", """
                #!/bin/sh
                echo '[INFO] noise'
                echo '[ERROR] A.java:[1,2] cannot find symbol'
                exit 1
                """);
        checkout.write("lab/src/main/A.java", "// newer");

        Ran ran = checkout.run("lab", "list");

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("[ERROR] A.java:[1,2] cannot find symbol")
                .contains("procession: the build failed (code=1); its whole log is in ")
                .doesNotContain("noise");
        assertThat(checkout.root().resolve(".procession/current")).hasContent("build-1-1");
        try (Stream<Path> builds = Files.list(checkout.root().resolve(".procession"))) {
            assertThat(builds.filter(each -> each.getFileName().toString().startsWith("build-1-")))
                    .hasSize(1);
        }
    }

    @Test
    void anOrdinaryUserRunsWhatIsBuiltInAFolderThatIsReadOnly() throws Exception {
        Checkout checkout = Checkout.built(base);
        checkout.openToAll();
        try {
            Ran ran = ordinary(checkout.command("lab", "run", "isolation", "--json"))
                    .run();
            assertThat(ran.exitCode()).as(ran.toString()).isZero();
            assertThat(ran.out()).contains("\"verdict\":\"SHOWN\"");
            assertThat(ran.err()).isEmpty();
        } finally {
            checkout.closeAgain();
        }
    }

    @Test
    void anOrdinaryUserOfAReadOnlyFolderIsToldWhenItIsNotBuiltOrNotFresh() throws Exception {
        Checkout stale = Checkout.built(Files.createDirectories(base.resolve("stale")));
        stale.write("lab/src/main/A.java", "// newer");
        Checkout unbuilt = Checkout.unbuilt(Files.createDirectories(base.resolve("unbuilt")), MAVEN);
        stale.openToAll();
        unbuilt.openToAll();
        try {
            Ran ran = ordinary(stale.command("lab", "list")).run();
            assertThat(ran.exitCode()).isZero();
            assertThat(ran.err()).contains("sources changed since the build").contains("running the earlier build");

            Ran refused = ordinary(unbuilt.command("lab", "list")).run();
            assertThat(refused.exitCode()).isEqualTo(3);
            assertThat(refused.err()).contains("nothing is built yet and this user may not write to");
        } finally {
            stale.closeAgain();
            unbuilt.closeAgain();
        }
    }

    @Test
    void aFileThatThisUserMayNotWriteIsRefusedAndNotTouched() throws Exception {
        Checkout checkout = Checkout.built(base);
        Path file = Files.writeString(base.resolve("theirs.json"), "{\"count\": 2}");
        checkout.openToAll();
        try {
            Ran ran = ordinary(checkout.command("lab", "run", "ticket-lock", "--file", file.toString()))
                    .run();
            assertThat(ran)
                    .isEqualTo(new Ran(
                            64, "", "procession: " + file + ": not writable; allow it (chmod u+w) or copy the file\n"));
            assertThat(file).hasContent("{\"count\": 2}");
        } finally {
            checkout.closeAgain();
        }
    }

    /** Root may do anything, so what is about permissions is run as nobody then. */
    private Checkout.Command ordinary(Checkout.Command command) {
        return isRoot()
                ? command.with("HOME", "/nonexistent")
                        .behind(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))
                : command;
    }

    @Test
    void aFolderWhosePathCannotStandInAClassPathIsRefused() throws Exception {
        Path colon = Files.createDirectories(base.resolve("a:b"));
        Ran ran = Checkout.built(colon).run("lab", "list");

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("a colon in the folder's path");
    }
}
