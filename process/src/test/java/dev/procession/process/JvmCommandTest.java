package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.process.JvmCommand.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which options a child JVM inherits. */
class JvmCommandTest {
    private static final Path JAVA = Path.of("/jdk/bin/java");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005",
                "-Xrunjdwp:transport=dt_socket,address=5005",
                "-Xdebug",
                "-Dcom.sun.management.jmxremote.port=9010",
                "-XX:+ManagementServer",
                "-Xlog:gc*:file=gc.log",
                "-Xloggc:gc.log",
                "-XX:StartFlightRecording=filename=a.jfr",
                "-XX:AOTCache=app.aot",
                "-XX:AOTCacheOutput=app.aot",
                "-XX:AOTMode=record",
                "-XX:SharedArchiveFile=app.jsa",
                "-XX:ArchiveClassesAtExit=app.jsa",
                "-XX:+AutoCreateSharedArchive",
                "-Xmx8g",
                "-Xms512m",
                "-Xss4m",
                "-XX:MaxRAMPercentage=75.0",
                "-XX:InitialHeapSize=1048576",
                "-XX:MaxHeapSize=1048576",
                "-XX:+UseG1GC",
                "-XX:+UseZGC",
                "-Djava.class.path=x",
                "-Djdk.module.main=mine",
                "--module-path=mods",
            })
    void leavesBehindWhatOnlyOneJvmCanHaveOrAChildChoosesItself(String option) {
        assertThat(commandWith(option)).doesNotContain(option).isEqualTo(commandWith());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-ea",
                "-esa:a.b...",
                "-Dname=value with spaces",
                "-Xlog:gc*:stderr",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:OnError=gdb - %p",
                "-XX:MaxDirectMemorySize=1g",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=a/b=c",
                "--add-modules=java.sql",
                "--add-reads=a=b",
                "--patch-module=a=b.jar",
                "--limit-modules=java.base",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-agentlib:profiler=start",
                "-agentpath:/opt/profiler.so=start",
            })
    void passesOnWhatShapesTheProgram(String option) {
        assertThat(commandWith(option)).contains(option);
    }

    @Test
    void agentsAreFoundFromAnyWorkingDirectory() {
        assertThat(commandWith("-javaagent:lib/agent.jar=a=b", "-javaagent:/opt/agent.jar"))
                .contains("-javaagent:/work dir/lib/agent.jar=a=b", "-javaagent:/opt/agent.jar");
    }

    @Test
    void classPathIsMadeAbsoluteAndEmptyEntriesMeanTheWorkingDirectory() {
        List<String> command =
                command(new Model(JAVA, List.of(), "a.jar::/b c.jar", "", null, Path.of("/work dir"), null, List.of()));

        assertThat(command.getFirst()).isEqualTo("/jdk/bin/java");
        assertThat(command).containsSequence("-cp", "/work dir/a.jar:/work dir:/b c.jar", ChildMain.class.getName());
        assertThat(command).contains("--enable-native-access=ALL-UNNAMED").doesNotContain("--module-path", "-m");
    }

    /** An archive that was trained with the library alone fits every class path that begins with it. */
    @Test
    void libraryComesFirstOnTheClassPathAlsoWhereItWasNotOnIt() {
        List<Path> library = List.of(Path.of("/lib/core.jar"), Path.of("/lib/process.jar"));

        List<String> command = command(
                new Model(JAVA, List.of(), "a.jar:/lib/process.jar", "", null, Path.of("/work"), null, library));

        assertThat(command).containsSequence("-cp", "/lib/core.jar:/lib/process.jar:/work/a.jar");
    }

    @Test
    void libraryThatIsModulesStaysOffTheClassPath() {
        List<Path> library = List.of(Path.of("/work/mods/core.jar"));

        List<String> command = command(new Model(
                JAVA, List.of(), "a.jar", "mods", "app.main", Path.of("/work"), "dev.procession.process", library));

        assertThat(command).containsSequence("-cp", "/work/a.jar");
    }

    @Test
    void modulesAreInheritedWithTheMainModule() {
        List<String> command = command(new Model(
                JAVA, List.of(), "", "mods", "app.main", Path.of("/work"), "dev.procession.process", List.of()));

        assertThat(command)
                .containsSequence(
                        "--module-path",
                        "/work/mods",
                        "--add-modules=app.main",
                        "-m",
                        "dev.procession.process/" + ChildMain.class.getName())
                .contains("--enable-native-access=dev.procession.shm")
                .doesNotContain("-cp");
    }

    @Test
    void modularProgramOnAClassPathLibraryKeepsBoth() {
        List<String> command =
                command(new Model(JAVA, List.of(), "lib.jar", "mods", "app.main", Path.of("/work"), null, List.of()));

        assertThat(command)
                .containsSequence("-cp", "/work/lib.jar")
                .containsSequence("--module-path", "/work/mods", "--add-modules=app.main", ChildMain.class.getName());
    }

    @Test
    void chosenOptionsComeLastAndAChosenCollectorReplacesTheDefault() {
        var model = new Model(JAVA, List.of("-Da=1"), "a.jar", "", null, Path.of("/"), null, List.of());

        List<String> command = JvmCommand.of(
                model, List.of("-Xmx64m"), List.of("-XX:+UseParallelGC", "-Da=2"), Map.of("a", "0"), ChildMain.class);

        assertThat(command).doesNotContain("-XX:+UseSerialGC").containsSubsequence("-Da=1", "-Xmx64m", "-Da=2", "-cp");
        assertThat(commandWith()).contains("-XX:+UseSerialGC");
    }

    @Test
    void safepointsComeSoonInEveryChild() {
        assertThat(commandWith("-XX:-UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=0"))
                .contains("-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1000")
                .doesNotContain("-XX:-UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=0");
    }

    /** The JVM refuses {@code -Xshare} beside a cache, its own default included. */
    @Test
    void childMayBeGivenACacheOfItsOwn() {
        assertThat(commandWith("-Xshare:auto")).noneMatch(option -> option.startsWith("-Xshare"));
    }

    private static List<String> commandWith(String... inputArguments) {
        return command(
                new Model(JAVA, List.of(inputArguments), "a.jar", "", null, Path.of("/work dir"), null, List.of()));
    }

    private static List<String> command(Model model) {
        return JvmCommand.of(model, List.of(), List.of(), Map.of(), ChildMain.class);
    }
}
