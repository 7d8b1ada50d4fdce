package dev.procession.process;

import dev.procession.core.codec.Codec;
import dev.procession.shm.FamilySpace;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command line that starts a JVM like this one.
 *
 * <p>A child gets the parent's {@code java}, class path, module path, module options, system properties and agents. It
 * does not get what only one JVM can have (debug, JMX and management ports; files of logs, flight recordings and class
 * archives), nor what a child chooses for itself (heap and thread stack sizes, the garbage collector). Relative paths
 * are made absolute, since a child may have another working directory.
 */
final class JvmCommand {
    /**
     * Serial collection, which is added where no other is chosen, starts fastest and needs least; a safepoint must come
     * soon even in a counted loop; the JVM's own words are no part of what the program prints.
     */
    private static final List<String> CHILD_OPTIONS = List.of(
            "-XX:-UsePerfData",
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1000",
            "-XX:+DisplayVMOutputToStderr");

    private static final Pattern NOT_INHERITED = Pattern.compile(String.join(
            "|",
            // one per machine: ports
            "-agentlib:jdwp.*",
            "-agentpath:.*jdwp.*",
            "-Xrunjdwp.*",
            "-Xdebug",
            "-XX:[+-]ManagementServer",
            "-Dcom\\.sun\\.management\\..*",
            "-XX:[+-]?DebugOn.*",
            // one per JVM: files it writes, archives made for it
            "-Xlog:.*file=.*",
            "-Xloggc:.*",
            "-XX:LogFile=.*",
            "-XX:StartFlightRecording.*",
            "-XX:(SharedArchiveFile|ArchiveClassesAtExit|SharedClassListFile|DumpLoadedClassList)=.*",
            "-XX:AOT\\w+=.*",
            "-XX:[+-](AutoCreateSharedArchive|RecordDynamicDumpInfo|FlagsFinal)",
            "-Xshare:.*",
            // a child's own choice
            "-X(ms|mx|mn|ss)\\d+\\w?",
            "-XX:(Initial|Max|Min|Soft)\\w*(Heap|RAM)\\w*=.*",
            "-XX:(NewSize|MaxNewSize|ThreadStackSize)=.*",
            "-XX:[+-]Use\\w+GC",
            "-XX:[+-](UsePerfData|UseCountedLoopSafepoints)",
            "-XX:LoopStripMiningIter=.*",
            // told anew
            "--module-path=.*",
            "-D(java\\.class\\.path|jdk\\.module\\.\\w+(\\.class)?|sun\\.java\\..*)=.*",
            "-D(stdout|stderr)\\.encoding=.*"));

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

    private JvmCommand() {}

    /**
     * The JVM to imitate.
     *
     * @param java the launcher
     * @param inputArguments its options, in the one-word form in which the JVM itself reports them
     * @param classPath its class path; may be empty
     * @param modulePath its module path; may be empty
     * @param mainModule the module its main class is in, or null
     * @param workingDirectory what relative paths are relative to
     * @param ownModule the module this class is in, or null on the class path
     * @param library where the classes of this library are, absolute; empty if that is unknown
     */
    record Model(
            Path java,
            List<String> inputArguments,
            String classPath,
            String modulePath,
            @Nullable String mainModule,
            Path workingDirectory,
            @Nullable String ownModule,
            List<Path> library) {

        private static @Nullable Model current;

        /** This JVM. What it is does not change, but for the properties that tests change. */
        static synchronized Model current() {
            if (current == null) {
                current = new Model(
                        launcher(),
                        ManagementFactory.getRuntimeMXBean().getInputArguments(),
                        System.getProperty("java.class.path", ""),
                        System.getProperty("jdk.module.path", ""),
                        programModule(),
                        Path.of("").toAbsolutePath(),
                        JvmCommand.class.getModule().getName(),
                        Stream.of(Codec.class, FamilySpace.class, JvmCommand.class)
                                .flatMap(Model::locationOf)
                                .distinct()
                                .toList());
            }
            return current;
        }

        /** The launcher of source files is in a module of the JDK, which is no part of the program. */
        private static @Nullable String programModule() {
            String main = System.getProperty("jdk.module.main");
            return main == null || main.startsWith("jdk.") ? null : main;
        }

        /** Not on the class path of this JVM where another class loader than its own has loaded the library. */
        private static Stream<Path> locationOf(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            try {
                return source == null || source.getLocation() == null
                        ? Stream.of()
                        : Stream.of(Path.of(source.getLocation().toURI()));
            } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException _) {
                return Stream.of();
            }
        }

        /** As {@code -cp} of a child takes it, the library first: an archive of it fits any class path that begins so. */
        List<String> absoluteClassPath() {
            Stream<Path> given = classPath.isEmpty() ? Stream.of() : entries(classPath);
            Stream<Path> first = ownModule == null ? library.stream() : Stream.of();
            return Stream.concat(first, given).map(Path::toString).distinct().toList();
        }

        List<String> absoluteModulePath() {
            return modulePath.isEmpty()
                    ? List.of()
                    : entries(modulePath).map(Path::toString).toList();
        }

        private Stream<Path> entries(String path) {
            return Stream.of(path.split(Pattern.quote(File.pathSeparator), -1)).map(workingDirectory::resolve);
        }

        /** The options that a child has from this JVM. */
        List<String> inherited() {
            return inputArguments.stream()
                    .filter(option -> !NOT_INHERITED.matcher(option).matches())
                    .map(option -> absoluteAgent(option, workingDirectory))
                    .toList();
        }

        private static Path launcher() {
            Path own = Path.of(System.getProperty("java.home"), "bin", "java");
            return Files.isExecutable(own)
                    ? own
                    : ProcessHandle.current().info().command().map(Path::of).orElse(own);
        }
    }

    /**
     * Builds the command.
     *
     * @param model the JVM to imitate
     * @param own options of this one start: its heap, its files; possibly none
     * @param chosen the user's own options, which come last and so win
     * @param properties system properties, each as {@code name -> value}
     * @param main the class to start
     */
    static List<String> of(
            Model model, List<String> own, List<String> chosen, Map<String, String> properties, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(model.java().toString());
        String nativeAccess = "--enable-native-access=" + nativeModule(model);
        model.inherited().stream()
                .filter(option -> !option.equals(nativeAccess))
                .forEach(command::add);
        command.addAll(CHILD_OPTIONS);
        if (chosen.stream().noneMatch(option -> COLLECTOR.matcher(option).matches())) {
            command.add("-XX:+UseSerialGC");
        }
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add(nativeAccess);
        command.addAll(own);
        command.addAll(chosen);
        addPaths(model, command);
        addMain(model, main, command);
        return List.copyOf(command);
    }

    /** Where the native calls are: the shm module, or the class path. */
    private static String nativeModule(Model model) {
        return model.ownModule() == null ? "ALL-UNNAMED" : "dev.procession.shm";
    }

    private static void addPaths(Model model, List<String> command) {
        List<String> classPath = model.absoluteClassPath();
        if (!classPath.isEmpty()) {
            command.add("-cp");
            command.add(String.join(File.pathSeparator, classPath));
        }
        List<String> modulePath = model.absoluteModulePath();
        if (!modulePath.isEmpty()) {
            command.add("--module-path");
            command.add(String.join(File.pathSeparator, modulePath));
        }
    }

    private static void addMain(Model model, Class<?> main, List<String> command) {
        if (model.mainModule() != null) {
            command.add("--add-modules=" + model.mainModule());
        }
        if (model.ownModule() == null) {
            command.add(main.getName());
        } else {
            command.add("-m");
            command.add(model.ownModule() + "/" + main.getName());
        }
    }

    private static String absoluteAgent(String option, Path workingDirectory) {
        String kind = "-javaagent:";
        return option.startsWith(kind) ? kind + workingDirectory.resolve(option.substring(kind.length())) : option;
    }
}
