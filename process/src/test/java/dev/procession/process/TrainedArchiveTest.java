package dev.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procession.conformance.NothingLeft;
import dev.procession.core.codec.Codec;
import dev.procession.shm.SharedLock;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The archives that make children start fast: who makes them, who uses them, and that nobody notices when one is wrong.
 * The parents here run from jars, as users' programs do.
 */
@ExtendWith(NothingLeft.class)
class TrainedArchiveTest {
    private static final Duration TRAINED = Duration.ofSeconds(90);

    @TempDir
    static Path folder;

    private static Path core;
    private static Path shm;
    private static Path process;
    private static Path tests;

    /** Trained once for all tests that only need one to be there. */
    private static Path trained;

    /** Stands for the user's cache folder, {@code XDG_CACHE_HOME}. */
    @TempDir
    Path cache;

    private Path archives;

    @BeforeAll
    static void packTheLibrary() throws IOException {
        core = jarOf(Codec.class, "core.jar");
        shm = jarOf(SharedLock.class, "shm.jar");
        process = jarOf(ChildProcess.class, "process.jar");
        tests = locationOf(TrainedArchiveTest.class);
    }

    private void haveArchive() throws Exception {
        if (trained == null) {
            run(List.of());
            awaitArchive();
            trained = Files.createDirectory(folder.resolve("trained"));
            copy(archives, trained);
        } else {
            copy(trained, ArchiveFolder.at(archives).place());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @BeforeEach
    void nameTheFolder() {
        archives = cache.resolve("procession");
    }

    private static Path jarOf(Class<?> type, String name) throws IOException {
        Path origin = locationOf(type);
        Path jar = folder.resolve(name);
        if (Files.isRegularFile(origin)) {
            return Files.copy(origin, jar, StandardCopyOption.COPY_ATTRIBUTES);
        }
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(origin)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(origin.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
        return jar;
    }

    private static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A main class: starts a child with the options given, and prints what came of it. */
    static final class Program {
        static void main(String[] options) throws Exception {
            ChildProcess child = ChildProcess.builder()
                    .jvmOptions(options)
                    .stdout(Output.captured())
                    .stderr(Output.captured())
                    .start(() -> {
                        boolean mapped =
                                Files.readString(Path.of("/proc/self/maps")).contains(".aot");
                        System.out.print("archive=" + mapped);
                    });
            child.joinOrThrow();
            System.out.println(child.stdout() + " errors=\"" + child.stderr() + "\"");
        }
    }

    private static final String WITH = "archive=true errors=\"\"\n";
    private static final String WITHOUT = "archive=false errors=\"\"\n";

    /** Runs the program to its end, and gives all that came out of it and its child. */
    private String run(List<String> jvmOptions, String... childOptions) throws Exception {
        try (ParentProgram program = start(jvmOptions, childOptions)) {
            int exitCode = program.awaitExit();
            assertThat(exitCode).as(program.output()).isZero();
            return program.output();
        }
    }

    private ParentProgram start(List<String> jvmOptions, String... childOptions) {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "XDG_CACHE_HOME=" + cache,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                Stream.of(tests, core, shm, process)
                        .map(Path::toString)
                        .reduce((a, b) -> a + File.pathSeparator + b)
                        .orElseThrow(),
                Program.class.getName()));
        command.addAll(List.of(childOptions));
        return ParentProgram.of(command);
    }

    private void awaitArchive() throws InterruptedException {
        Marked.poll(TRAINED, () -> published().size() == 1 && isQuiet(), () -> "no archive: " + list("*"));
    }

    /** Whoever trained has let go of what it was working on. */
    private boolean isQuiet() {
        return list("*.new").isEmpty()
                && list("*.config").isEmpty()
                && list("*.aot").size() == 1
                && nobodyTrains();
    }

    private boolean nobodyTrains() {
        return trainers().findAny().isEmpty();
    }

    private Stream<ProcessHandle> trainers() {
        return ProcessHandle.allProcesses()
                .filter(each -> each.info().commandLine().orElse("").contains(archives.toString()));
    }

    private List<Path> published() {
        return list("*.archive");
    }

    private List<Path> list(String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(archives)) {
            try (var stream = Files.newDirectoryStream(archives, glob)) {
                stream.forEach(found::add);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return found;
    }

    @Test
    void firstChildStartsWithoutAndALaterOneWithTheArchiveThatWasTrainedMeanwhile() throws Exception {
        assertThat(run(List.of())).isEqualTo(WITHOUT);
        awaitArchive();

        assertThat(run(List.of())).isEqualTo(WITH);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archives)))
                .isEqualTo("rwx------");
    }

    static List<Damage> damages() {
        return List.of(
                new Damage("cut short", archive -> {
                    try (var file = new RandomAccessFile(archive.toFile(), "rw")) {
                        file.setLength(file.length() / 2);
                    }
                }),
                new Damage("bits of its body turned, which the JVM would not notice", archive -> {
                    try (var file = new RandomAccessFile(archive.toFile(), "rw")) {
                        byte[] body = new byte[100_000];
                        file.seek(file.length() / 2);
                        file.readFully(body);
                        for (int i = 0; i < body.length; i++) {
                            body[i] ^= 0x5A;
                        }
                        file.seek(file.length() / 2);
                        file.write(body);
                    }
                }),
                new Damage("removed", Files::delete),
                new Damage(
                        "manifest written over",
                        archive -> Files.writeString(archive.resolveSibling(keyOf(archive) + ".archive"), "rubbish")));
    }

    private static String keyOf(Path archive) {
        String name = archive.getFileName().toString();
        return name.substring(0, name.indexOf('-'));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void damagedArchiveIsGivenToNoChild(Damage damage) throws Exception {
        haveArchive();
        Path archive = list("*.aot").getFirst();
        damage.deed().to(archive);

        try (var training = ArchiveFolder.at(archives).begin(keyOf(archive))) { // so nobody else trains
            assertThat(training).isNotNull();
            assertThat(run(List.of())).isEqualTo(WITHOUT);
        }
    }

    record Damage(String name, Deed deed) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Deed {
        void to(Path archive) throws IOException;
    }

    @Test
    void damagedArchiveIsMadeAnew() throws Exception {
        haveArchive();
        Path damaged = list("*.aot").getFirst();
        Files.writeString(damaged, "rubbish");

        assertThat(run(List.of())).isEqualTo(WITHOUT);
        Marked.poll(TRAINED, () -> !list("*.aot").contains(damaged), () -> "not made anew: " + list("*"));
        awaitArchive();
        assertThat(run(List.of())).isEqualTo(WITH);
    }

    /** A JVM that finds other jars than it was trained with says so at length, if it is let. */
    @Test
    void otherJarsHaveAnotherArchive() throws Exception {
        haveArchive();
        FileTime before = Files.getLastModifiedTime(process);
        try {
            Files.setLastModifiedTime(process, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

            assertThat(run(List.of())).isEqualTo(WITHOUT);
            assertThat(list("*.lock")).as("trained for other jars as well").hasSize(2);
        } finally {
            Files.setLastModifiedTime(process, before);
            stopTraining();
        }
        assertThat(run(List.of())).isEqualTo(WITH);
    }

    /** Compressed pointers reach 32 GiB: the JVM cannot use the archive, and uses none without a word. */
    @Test
    void childThatCannotUseTheArchiveSaysNothing() throws Exception {
        haveArchive();

        assertThat(run(List.of(), "-Xmx40g", "-XX:MinHeapSize=16m", "-XX:InitialHeapSize=16m"))
                .isEqualTo(WITHOUT);
        assertThat(run(List.of())).isEqualTo(WITH);
    }

    /** With an archive whose objects find no room a JVM would end before it has begun. */
    @Test
    void childWithATinyHeapToBeginWithStartsWithout() throws Exception {
        haveArchive();

        assertThat(run(List.of(), "-Xms2m")).isEqualTo(WITHOUT);
        assertThat(run(List.of(), "-XX:InitialRAMPercentage=0.01")).isEqualTo(WITHOUT);
    }

    @Test
    void optionsThatShapeTheProgramHaveAnArchiveOfTheirOwn() throws Exception {
        List<String> shaped = List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");
        haveArchive();

        assertThat(run(shaped)).isEqualTo(WITHOUT);
        Marked.poll(TRAINED, () -> published().size() == 2, () -> "no second archive: " + list("*"));
        assertThat(run(shaped)).isEqualTo(WITH);
        assertThat(run(List.of())).isEqualTo(WITH);
        Marked.poll(TRAINED, this::nobodyTrains, () -> "still training");
    }

    @Test
    void onlyOneTrainsHoweverManyStartAtOnce() throws Exception {
        List<ParentProgram> parents = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                parents.add(start(List.of()));
            }
            for (ParentProgram parent : parents) {
                assertThat(parent.awaitExit()).isZero();
                assertThat(parent.output()).isEqualTo(WITHOUT);
            }
        } finally {
            parents.forEach(ParentProgram::close);
        }
        awaitArchive();
        assertThat(run(List.of())).isEqualTo(WITH);
    }

    @Test
    void killedTrainingIsDoneAgain() throws Exception {
        run(List.of());
        Marked.poll(TRAINED, () -> !list("*.config").isEmpty(), () -> "no training: " + list("*"));
        stopTraining();
        assertThat(published()).isEmpty();

        assertThat(run(List.of())).isEqualTo(WITHOUT);
        awaitArchive();
        assertThat(run(List.of())).isEqualTo(WITH);
    }

    private void stopTraining() throws InterruptedException {
        trainers().forEach(ProcessHandle::destroyForcibly);
        Marked.poll(TRAINED, this::nobodyTrains, () -> "still training");
    }

    @Test
    void switchedOffNothingIsMadeOrUsed() throws Exception {
        assertThat(run(List.of("-Dprocession.archive=off"))).isEqualTo(WITHOUT);

        assertThat(archives).doesNotExist();
    }

    @Test
    void folderThatOthersMayOpenIsNotUsed() throws Exception {
        Files.createDirectory(archives);
        Files.setPosixFilePermissions(archives, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(run(List.of())).isEqualTo(WITHOUT);

        assertThat(list("*")).isEmpty();
    }

    /** The user's own cache is the user's own business. */
    @Test
    void archiveChosenByTheUserStands() throws Exception {
        haveArchive();

        assertThat(run(List.of(), "-XX:AOTMode=off")).isEqualTo(WITHOUT);
    }

    @Test
    void refusalIsRemembered() throws Exception {
        ArchiveFolder place = ArchiveFolder.at(archives);
        try (var training = place.begin("key")) {
            assertThat(training).isNotNull();
            Path target = Files.writeString(training.target(), "half an archive");
            assertThat(place.begin("key")).as("somebody trains").isNull();
            training.refuse("no room");
            assertThat(target).doesNotExist();
        }

        assertThat(place.isUntried("key")).isFalse();
        Files.setLastModifiedTime(
                archives.resolve("key.refused"), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        assertThat(place.isUntried("key")).isTrue();
    }

    @Test
    void whatNobodyUsedForAMonthIsRemoved() throws Exception {
        ArchiveFolder place = ArchiveFolder.at(archives);
        publish(place, "old");
        publish(place, "other");
        Files.setLastModifiedTime(
                archives.resolve("old.archive"), FileTime.from(Instant.now().minus(Duration.ofDays(31))));

        publish(place, "new");

        assertThat(place.find("old")).isEmpty();
        assertThat(list("old*")).isEmpty();
        assertThat(place.find("other")).isPresent();
        assertThat(place.find("new")).isPresent();
    }

    private static void publish(ArchiveFolder place, String key) throws IOException {
        try (var training = place.begin(key)) {
            training.publish(Files.writeString(training.target(), "archive of " + key));
        }
    }
}
