package dev.procession.process;

import dev.procession.process.JvmCommand.Model;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's ahead-of-time cache for the children of one kind of command: classes of the JDK and of this library, parsed
 * and linked, with profiles of their methods. It halves the time to a child's first result.
 *
 * <p>There is one for each JDK, each set of library jars and each set of {@linkplain #SHAPING options that shape the JVM},
 * which together are its key. The first child of a key starts without; once it is up, {@link ArchiveTraining} is begun in a
 * process of its own, in the background, and a later start finds the archive in the {@link ArchiveFolder}. The user's own
 * classes are not in it: the library is first on a child's class path, and the JVM accepts any class path that begins with
 * the one of the training.
 *
 * <p>Nothing depends on an archive, so every failure here is silent (logged as DEBUG): the child starts without. An archive
 * that a child has refused is not given to another by this JVM, since a refusal costs the JVM's built-in archive too.
 *
 * <p>Where the library comes from folders there is none, since the JVM makes none of folders: during its own development.
 *
 * <p>Source: JEP 483, JEP 514, JEP 515.
 */
final class TrainedArchive {
    /** Set to {@code off}, archives are neither used nor made. */
    static final String PROPERTY = "procession.archive";

    private static final System.Logger LOG = System.getLogger(TrainedArchive.class.getPackageName());

    /** The options that an archive must have been trained with. */
    private static final Pattern SHAPING = Pattern.compile(String.join(
            "|",
            "--add-(modules|exports|opens|reads)=.*",
            "--enable-native-access=.*",
            "--(illegal-native-access|sun-misc-unsafe-memory-access)=.*",
            "-XX:[+-]Use\\w+",
            "-XX:ObjectAlignmentInBytes=.*",
            "-XX:\\+Unlock\\w+"));

    /** With these the JVM takes no archive, or was given one. */
    private static final Pattern PREVENTING = Pattern.compile(String.join(
            "|",
            "-(javaagent|agentlib|agentpath|Xrun).*",
            "--(patch-module|limit-modules|upgrade-module-path)=.*",
            "-Xbootclasspath.*",
            // below ten megabytes, where the objects of the archive have no room and the JVM ends because of that
            "-XX:InitialRAMPercentage=.*",
            "-(Xms|XX:InitialHeapSize=)(\\d{1,7}|\\d{1,4}[kK]|\\d[mM])",
            "-Xshare.*",
            "-XX:(AOT|SharedArchive|SharedClassList|ArchiveClasses|DumpLoaded)\\w*=.*",
            "-XX:[+-](AutoCreateSharedArchive|AOT\\w*|UseZGC|UseShenandoahGC)",
            "-D(java\\.system\\.class\\.loader|jdk\\.module\\..*)=.*"));

    /** The archives this JVM has asked for, by key. */
    private static final Map<String, TrainedArchive> KNOWN = new ConcurrentHashMap<>();

    private final Model model;
    private final String key;
    private final List<String> shapingChosen;

    private @Nullable ArchiveFolder folder;

    /** Looked for at the first start; null if there was none, or a child refused it. Guarded by this. */
    private @Nullable Path archive;

    private Stage stage = Stage.UNSEEN;

    /** How far this JVM is with it. Guarded by this. */
    private enum Stage {
        /** Nobody asked. */
        UNSEEN,
        /** There is one, and a child was started with it. */
        ON_TRIAL,
        /** There is none, and nothing was done about it. */
        MISSING,
        /** Nothing more is to be done in this JVM. */
        SETTLED
    }

    private TrainedArchive(Model model, String key, List<String> shapingChosen) {
        this.model = model;
        this.key = key;
        this.shapingChosen = shapingChosen;
    }

    /** The archive for a command; empty if the JVM would have none. */
    static Optional<TrainedArchive> of(Model model, List<String> chosen) {
        if (System.getProperty(PROPERTY, "on").equals("off")
                || Stream.concat(model.inherited().stream(), chosen.stream()).anyMatch(PREVENTING.asMatchPredicate())) {
            return Optional.empty();
        }
        try {
            return keyOf(model, chosen)
                    .map(key -> KNOWN.computeIfAbsent(key, _ -> new TrainedArchive(model, key, shaping(chosen))));
        } catch (IOException | NoSuchAlgorithmException e) {
            LOG.log(System.Logger.Level.DEBUG, "no archive", e);
            return Optional.empty();
        }
    }

    private static List<String> shaping(List<String> options) {
        return options.stream().filter(SHAPING.asMatchPredicate()).toList();
    }

    private static Optional<String> keyOf(Model model, List<String> chosen)
            throws IOException, NoSuchAlgorithmException {
        List<String> parts = new ArrayList<>();
        parts.add(model.java() + " " + System.getProperty("java.vm.version") + " " + System.getProperty("os.arch"));
        List<Path> jars = new ArrayList<>(model.library());
        model.absoluteModulePath().forEach(entry -> jars.add(Path.of(entry)));
        for (Path jar : jars) {
            BasicFileAttributes found = Files.readAttributes(jar, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                return Optional.empty();
            }
            parts.add(jar + " " + found.size() + " " + found.lastModifiedTime());
        }
        if (model.library().isEmpty()) {
            return Optional.empty();
        }
        parts.add(model.ownModule() + " " + model.mainModule());
        parts.addAll(shaping(model.inherited()));
        parts.add("chosen");
        parts.addAll(shaping(chosen));
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(String.join("\0", parts).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        int keyBytes = 12;
        return Optional.of(HexFormat.of().formatHex(digest, 0, keyBytes));
    }

    /** What the command of a child needs. The JVM is to say nothing of an archive it cannot use. */
    synchronized List<String> options() {
        if (stage == Stage.UNSEEN) {
            find();
        }
        return archive == null ? List.of() : List.of("-XX:AOTCache=" + archive, "-Xlog:aot*=off,cds*=off");
    }

    private void find() {
        stage = Stage.SETTLED;
        try {
            folder = ArchiveFolder.ofUser();
            archive = folder.find(key).orElse(null);
            stage = archive != null ? Stage.ON_TRIAL : Stage.MISSING;
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no archive", e);
        }
    }

    /**
     * Told once a child has been told its task: now is the time for what would have delayed its start. Does not wait for
     * anything but files.
     */
    void childIsUp(long pid) {
        try {
            Path tried;
            boolean missing;
            synchronized (this) {
                tried = stage == Stage.ON_TRIAL ? archive : null;
                missing = stage == Stage.MISSING;
                stage = Stage.SETTLED;
            }
            if (missing && folder != null && folder.isUntried(key)) {
                train(folder);
            }
            if (tried != null && refuses(pid, tried)) {
                LOG.log(System.Logger.Level.DEBUG, "a child refused its archive: pid=" + pid + ", archive=" + tried);
                synchronized (this) {
                    archive = null;
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "no archive", e);
        }
    }

    /** True if the process is there and has not mapped the archive. */
    private static boolean refuses(long pid, Path archive) throws IOException {
        Path maps = Path.of("/proc", Long.toString(pid), "maps");
        if (!Files.exists(maps)) {
            return false;
        }
        String mapped = Files.readString(maps);
        return !mapped.isEmpty() && !mapped.contains(archive.toString());
    }

    /**
     * Not a child of the family: it must outlive a parent that ends soon, or short programs would begin a training each
     * time and never have an archive. It ends by itself.
     */
    private void train(ArchiveFolder target) throws IOException {
        List<String> inherited = new ArrayList<>(shaping(model.inherited()));
        var bare = new Model(
                model.java(),
                inherited,
                "",
                String.join(java.io.File.pathSeparator, model.absoluteModulePath()),
                model.mainModule(),
                model.workingDirectory(),
                model.ownModule(),
                model.library());
        List<String> command = new ArrayList<>(
                JvmCommand.of(bare, List.of("-Xmx64m"), List.of(), Map.of(PROPERTY, "off"), ArchiveTraining.class));
        command.add(target.place().toString());
        command.add(key);
        command.addAll(shapingChosen);
        var builder = new ProcessBuilder(command)
                .directory(target.place().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().keySet().retainAll(Set.of("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR"));
        builder.start();
    }
}
