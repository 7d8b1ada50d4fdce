package dev.procession.process;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    /** Serial collection starts fastest and needs least; a safepoint must come soon even in a counted loop. */
    private static final List<String> CHILD_OPTIONS =
            List.of("-XX:-UsePerfData", "-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1000");

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
     */
    record Model(
            Path java,
            List<String> inputArguments,
            String classPath,
            String modulePath,
            @Nullable String mainModule,
            Path workingDirectory,
            @Nullable String ownModule) {

        private static @Nullable Model current;

        /** This JVM. What it is does not change, but for the properties that tests change. */
        static synchronized Model current() {
            if (current == null) {
                current = new Model(
                        launcher(),
                        ManagementFactory.getRuntimeMXBean().getInputArguments(),
                        System.getProperty("java.class.path", ""),
                        System.getProperty("jdk.module.path", ""),
                        System.getProperty("jdk.module.main"),
                        Path.of("").toAbsolutePath(),
                        JvmCommand.class.getModule().getName());
            }
            return current;
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
     * @param heap options for the heap, possibly none
     * @param chosen the user's own options, which come last and so win
     * @param properties system properties, each as {@code name -> value}
     * @param main the class to start
     */
    static List<String> of(
            Model model, List<String> heap, List<String> chosen, Map<String, String> properties, Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(model.java().toString());
        model.inputArguments().stream()
                .filter(option -> !NOT_INHERITED.matcher(option).matches())
                .map(option -> absoluteAgent(option, model.workingDirectory()))
                .forEach(command::add);
        command.addAll(CHILD_OPTIONS);
        if (chosen.stream().noneMatch(option -> COLLECTOR.matcher(option).matches())) {
            command.add("-XX:+UseSerialGC");
        }
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("--enable-native-access=" + nativeModule(model));
        command.addAll(heap);
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
        if (!model.classPath().isEmpty()) {
            command.add("-cp");
            command.add(absolutePath(model.classPath(), model.workingDirectory()));
        }
        if (!model.modulePath().isEmpty()) {
            command.add("--module-path");
            command.add(absolutePath(model.modulePath(), model.workingDirectory()));
        }
    }

    private static void addMain(Model model, Class<?> main, List<String> command) {
        if (model.mainModule() != null && !model.mainModule().startsWith("jdk.")) {
            command.add("--add-modules=" + model.mainModule());
        }
        if (model.ownModule() == null) {
            command.add(main.getName());
        } else {
            command.add("-m");
            command.add(model.ownModule() + "/" + main.getName());
        }
    }

    private static String absolutePath(String path, Path workingDirectory) {
        return Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
                .map(entry -> workingDirectory.resolve(entry).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String absoluteAgent(String option, Path workingDirectory) {
        String kind = "-javaagent:";
        return option.startsWith(kind) ? kind + workingDirectory.resolve(option.substring(kind.length())) : option;
    }
}
